import type { History } from '../api/types'
import { clock, perSecond, rate } from '../format'
import { h, svg } from './dom'

const Width = 320
const Height = 64

/** The last hour: what went out above the line, what came in below it, failures as marks. */
export function sparkline(history: History & { from: string }, above: string, below: string): HTMLElement {
  const { sent, received, failed } = history
  const most = Math.max(1, ...sent, ...received)
  const steps = Math.max(sent.length, received.length, 2)
  const x = (index: number) => (index / (steps - 1)) * Width
  const middle = Height / 2
  const area = (values: number[], up: boolean) => {
    const y = (value: number) => middle + (up ? -1 : 1) * (2 + (value / most) * (middle - 4))
    const line = values.map((value, index) => `L${x(index).toFixed(1)} ${y(value).toFixed(1)}`).join('')
    return `M0 ${middle}${line}L${x(values.length - 1).toFixed(1)} ${middle}Z`
  }
  const marks = failed.flatMap((value, index) => (value > 0 ? [svg('rect', { x: x(index) - 1.5, y: middle - 3, width: 3, height: 6, rx: 1.5, class: 'spark-failed' })] : []))
  const minutes = Math.round((history.stepSeconds * steps) / 60)
  const label = `${above} up to ${rate(Math.max(0, ...sent))}, ${below} up to ${rate(Math.max(0, ...received))} in the last ${minutes} minutes; failed connections up to ${perSecond(Math.max(0, ...failed))}.`
  const cursor = svg('line', { y1: 0, y2: Height, class: 'spark-cursor', visibility: 'hidden' })
  const picture = svg('svg', { viewBox: `0 0 ${Width} ${Height}`, class: 'spark', role: 'img', 'aria-label': label, preserveAspectRatio: 'none' },
    svg('path', { d: area(sent, true), class: 'spark-out' }), svg('path', { d: area(received, false), class: 'spark-in' }),
    svg('line', { x1: 0, x2: Width, y1: middle, y2: middle, class: 'spark-axis' }), ...marks, cursor)
  const usual = [h('span', {}, `${minutes} min ago`), h('span', {}, `peak ${rate(most)}`), h('span', {}, 'now')]
  const legend = h('div', { class: 'spark-legend' }, ...usual)
  picture.addEventListener('pointermove', event => {
    const box = picture.getBoundingClientRect()
    const index = Math.max(0, Math.min(steps - 1, Math.round(((event.clientX - box.left) / box.width) * (steps - 1))))
    cursor.setAttribute('x1', String(x(index)))
    cursor.setAttribute('x2', String(x(index)))
    cursor.setAttribute('visibility', 'visible')
    const at = clock(Date.parse(history.from) + index * history.stepSeconds * 1000).slice(0, 5)
    const failures = (failed[index] ?? 0) > 0 ? [h('span', { class: 'bad' }, `${perSecond(failed[index]!)} failed`)] : []
    legend.replaceChildren(h('span', {}, at), h('span', { class: 'out' }, `↑ ${rate(sent[index] ?? 0)}`), h('span', { class: 'in' }, `↓ ${rate(received[index] ?? 0)}`), ...failures)
  })
  picture.addEventListener('pointerleave', () => {
    cursor.setAttribute('visibility', 'hidden')
    legend.replaceChildren(...usual)
  })
  return h('div', { class: 'spark-box' }, picture, legend)
}
