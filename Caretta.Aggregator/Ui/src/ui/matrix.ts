import type { MapAnswer, MapEdge } from '../api/types'
import { groupOf } from '../layout/layout'
import { health, weight } from '../draw/scales'
import { ports, rate } from '../format'
import { h } from './dom'
import { nameOf } from './names'

const Most = 40
/** So few that each may be larger. */
const Roomy = 20

interface Sum {
  edge: MapEdge
  rate: number
  edges: number
  worst: 'bad' | 'warn' | null
}

/** Clients down, servers across. Workloads if they are few, else namespaces, the busiest first. */
export class Matrix {
  readonly element = h('section', { class: 'matrix', 'aria-label': 'Matrix', hidden: true })
  #key = ''

  constructor(private readonly pick: (edge: string) => void) {}

  show(map: MapAnswer): void {
    const grouped = map.nodes.length > Most
    const nodes = new Map(map.nodes.map(node => [node.id, node]))
    const axis = (id: string) => (grouped ? groupOf(nodes.get(id)!) : id)
    const label = (key: string) => (grouped ? (key === '~rest' ? 'not shown' : key) : nameOf(nodes.get(key)!))
    const place = (key: string) => (grouped ? key : `${nodes.get(key)!.namespace} ${nameOf(nodes.get(key)!)}`)
    const sums = new Map<string, Sum>()
    const traffic = new Map<string, number>()
    for (const edge of map.edges) {
      if (!nodes.has(edge.from) || !nodes.has(edge.to)) {
        continue
      }
      const [from, to] = [axis(edge.from), axis(edge.to)]
      const key = `${from}\n${to}`
      const held = sums.get(key) ?? { edge, rate: 0, edges: 0, worst: null }
      held.edge = edge.rate > held.edge.rate ? edge : held.edge
      held.rate += edge.rate
      held.edges += 1
      const state = health(edge)
      if (state === 'bad' || (state === 'warn' && held.worst === null)) {
        held.worst = state
      }
      sums.set(key, held)
      for (const end of [from, to]) {
        traffic.set(end, (traffic.get(end) ?? 0) + edge.rate)
      }
    }
    const keys = [...traffic].sort((a, b) => b[1] - a[1]).slice(0, Most).map(([key]) => key).sort((a, b) => place(a).localeCompare(place(b)))
    // Cells are exchanged as a whole; while somebody is among them they wait.
    const key = keys.join('\n')
    if (key === this.#key && (this.element.matches(':hover') || this.element.contains(document.activeElement))) {
      return
    }
    this.#key = key
    this.element.classList.toggle('roomy', keys.length <= Roomy)
    const rows = keys.map(from => h('tr', {}, h('th', { scope: 'row' }, label(from)), ...keys.map(to => this.#cell(sums.get(`${from}\n${to}`), label(from), label(to)))))
    const head = h('tr', {}, h('td', { class: 'corner' }, 'client ↓ server →'), ...keys.map(to => h('th', { scope: 'col' }, h('span', {}, label(to)))))
    const left = traffic.size > keys.length ? h('p', { class: 'note' }, `The ${keys.length} busiest of ${traffic.size}.`) : null
    this.element.replaceChildren(h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Matrix of clients and servers' }, h('table', {}, h('thead', {}, head), h('tbody', {}, ...rows))), ...(left ? [left] : []))
  }

  #cell(sum: Sum | undefined, from: string, to: string): HTMLElement {
    if (!sum) {
      return h('td')
    }
    const step = sum.rate > 0 ? Math.max(1, Math.ceil(weight(sum.rate) * 8)) : 0
    const what = `${from} to ${to}: ${rate(sum.rate)}${sum.edges > 1 ? `, ${sum.edges} connections` : `, port ${ports(sum.edge.ports)}`}${sum.worst ? ', failing' : ''}`
    return h('td', {}, h('button', { type: 'button', class: `cell heat-${step}${sum.worst ? ` failing ${sum.worst}` : ''}`, title: what, 'aria-label': what, onclick: () => this.pick(sum.edge.id) }))
  }
}
