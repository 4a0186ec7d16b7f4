import type { MapAnswer } from '../api/types'
import { failedShare, health } from '../draw/scales'
import type { Item } from '../draw/scene'
import type { Point } from '../layout/cells'
import { percent, plural, ports, rate } from '../format'
import { h } from './dom'
import { Dialling } from '../layout/layout'
import { nameOf } from './names'

/** What is under the pointer, in two lines. */
export class Tooltip {
  readonly element = h('div', { class: 'tooltip', role: 'presentation', hidden: true })
  #key = ''

  show(item: Item | null, at: Point, map: MapAnswer | null): void {
    if (!item || !map) {
      this.hide()
      return
    }
    const key = `${item.type} ${item.id} ${map.at}`
    if (key !== this.#key) {
      this.#key = key
      this.element.replaceChildren(...content(item, map))
    }
    this.element.hidden = false
    const right = at.x > window.innerWidth - 260
    this.element.style.transform = `translate(${Math.round(at.x + (right ? -14 : 14))}px, ${Math.round(at.y + 16)}px)${right ? ' translateX(-100%)' : ''}`
  }

  hide(): void {
    this.element.hidden = true
    this.#key = ''
  }
}

function content(item: Item, map: MapAnswer): HTMLElement[] {
  const line = (text: string, tone = '') => h('div', { class: tone }, text)
  if (item.type === 'group' || item.type === 'fold') {
    return [h('strong', {}, item.id === '~rest' ? 'Not shown' : item.id === Dialling ? 'external, dialling in' : item.id), line(item.id === '~rest' ? 'Quieter ones, summed' : 'click to close the namespace')]
  }
  const nodes = new Map(map.nodes.map(node => [node.id, node]))
  if (item.type === 'node') {
    const node = nodes.get(item.id)
    return node
      ? [h('strong', {}, nameOf(node)), line(node.type === 'namespace' ? `${plural(node.workloads, 'workload')} · click to open` : `${node.kind} · ${node.namespace}`), line(`↑ ${rate(node.rateOut)}   ↓ ${rate(node.rateIn)}`)]
      : []
  }
  const edge = map.edges.find(each => each.id === item.id)
  if (!edge) {
    return []
  }
  const end = (id: string) => { const node = nodes.get(id); return node ? nameOf(node) : id }
  const state = health(edge)
  const failing = state === 'bad' || state === 'warn' ? [line(`${percent(failedShare(edge))} of connections fail`, state)] : []
  return [h('strong', {}, `${end(edge.from)} → ${end(edge.to)}`), line(`port ${ports(edge.ports)}`), line(`↑ ${rate(edge.rateToServer)}   ↓ ${rate(edge.rateToClient)}`), ...failing]
}
