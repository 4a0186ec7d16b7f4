import { get, Refused } from '../api/client'
import type { Detail, MapAnswer, MapEdge, MapNode } from '../api/types'
import { failedShare, health } from '../draw/scales'
import { glyphOf } from '../draw/glyphs'
import { bytes, count, milliseconds, percent, perSecond, plural, ports, rate, since } from '../format'
import type { View } from '../state/view'
import { button, h, svg } from './dom'
import { Facts } from './facts'
import { nameOf } from './names'
import { connections, portTable, queries, roleTable, seen } from './sections'
import { sparkline } from './sparkline'

export interface PanelEvents {
  go(change: Partial<View>): void
  select(id: string): void
  fold(namespace: string): void
  close(): void
  announce(text: string): void
}

const Fresh = 14_000

/** What is known about one node or edge. Rates follow the stream; history, roles and queries are asked for now and then. */
export class Panel {
  readonly element = h('aside', { class: 'panel', 'aria-label': 'Details', hidden: true, tabindex: '-1' })
  #shown = ''
  #detail: Detail | null = null
  #asked: AbortController | null = null
  #askedAt = 0
  readonly #facts = new Facts()
  readonly #big = h('div', { class: 'big' })
  readonly #history = h('div', { class: 'history' })
  readonly #with = h('section')
  readonly #rest = h('div')

  constructor(private readonly events: PanelEvents) {}

  get open(): boolean {
    return !this.element.hidden
  }

  /** The thing that the id names in this answer; closes itself over an id that nothing has. */
  show(map: MapAnswer, view: View): void {
    const node = map.nodes.find(each => each.id === view.select)
    const edge = map.edges.find(each => each.id === view.select)
    if (!node && !edge) {
      if (view.select !== this.#shown || !this.open) {
        this.hide()
      } else {
        this.element.classList.add('gone')
      }
      return
    }
    this.element.classList.remove('gone')
    if (this.#shown !== view.select || this.element.hidden) {
      this.#shown = view.select
      this.#detail = null
      this.#askedAt = 0
      this.#history.replaceChildren(h('div', { class: 'spark-box waiting' }))
      this.#rest.replaceChildren()
      this.element.replaceChildren(node ? this.#nodeHead(node, view) : this.#edgeHead(edge!, map, view), this.#big, this.#history, this.#facts.element, this.#with, this.#rest)
      this.element.hidden = false
      this.element.scrollTop = 0
    }
    if (node) {
      this.#node(node, map)
    } else {
      this.#edge(edge!, map)
    }
    this.#ask(node, edge)
  }

  hide(): void {
    this.element.hidden = true
    this.#shown = ''
    this.#asked?.abort()
  }

  #nodeHead(node: MapNode, view: View): HTMLElement {
    const { go } = this.events
    const namespace = node.type === 'namespace'
    const where = namespace ? plural(node.workloads, 'workload') : [node.kind, node.namespace !== node.kind && node.namespace].filter(Boolean).join(' · ')
    const actions = node.type === 'rest' ? null : h('div', { class: 'actions' },
      namespace ? button('expand', 'Open', () => this.events.fold(node.namespace), {}, 'Open') : button('focus', 'Focus', () => go({ focus: node.id, hops: 1 }), {}, 'Focus'),
      button('isolate', 'Isolate', () => go({ isolate: [...new Set([...view.isolate, node.id])] }), { title: 'Show only what talks with this' }, 'Isolate'),
      button('hide', 'Hide', () => go({ hide: [...view.hide, node.id], select: '' }), {}, 'Hide'))
    return h('header', {}, h('div', { class: 'title' }, glyph(node.external ? 'external' : node.kind), h('div', {}, h('h2', {}, nameOf(node)), h('p', {}, where + (node.owner ? ` · of ${node.owner}` : ''))), this.#closer()), actions)
  }

  #edgeHead(edge: MapEdge, map: MapAnswer, view: View): HTMLElement {
    const end = (id: string) => {
      const node = map.nodes.find(each => each.id === id)
      return h('button', { type: 'button', class: 'end', onclick: () => this.events.select(id) }, h('strong', {}, node ? nameOf(node) : id), h('small', {}, node?.type === 'workload' ? node.namespace : ''))
    }
    const what = edge.type === 'edge' ? `TCP ${ports(edge.ports)}` : `${plural(edge.links, 'link')} · ports ${ports(edge.ports)}`
    const actions = h('div', { class: 'actions' },
      button('isolate', 'Isolate', () => this.events.go({ isolate: [...new Set([...view.isolate, edge.from])], select: edge.id }), { title: 'Show only what the client talks with' }, 'Isolate client'),
      button('isolate', 'Isolate', () => this.events.go({ isolate: [...new Set([...view.isolate, edge.to])], select: edge.id }), { title: 'Show only what talks with the server' }, 'Isolate server'))
    return h('header', {}, h('div', { class: 'title' }, h('div', { class: 'ends' }, h('h2', { class: 'sr-only' }, 'Connection'), end(edge.from), h('span', { class: 'arrow', 'aria-label': 'to' }, '→'), end(edge.to), h('p', {}, what)), this.#closer()), actions)
  }

  #closer(): HTMLElement {
    return button('close', 'Close (Esc)', () => this.events.close())
  }

  #node(node: MapNode, map: MapAnswer): void {
    this.#figures(['sends', node.rateOut], ['receives', node.rateIn])
    this.#facts.set([
      ['Sent', bytes(node.bytesOut)],
      ['Received', bytes(node.bytesIn)],
      ['Open now', count(node.active)],
      ['Opened', count(node.opened)],
      ['Failed', count(node.failed), node.failed > 0 ? 'warn' : ''],
      ['Failing now', node.failedRate > 0 ? perSecond(node.failedRate) : 'none', node.failedRate > 0 ? 'bad' : ''],
    ])
    this.#with.replaceChildren(...connections(node.id, map, id => this.events.select(id)))
  }

  #edge(edge: MapEdge, _map: MapAnswer): void {
    this.#figures(['to server', edge.rateToServer], ['to client', edge.rateToClient])
    const state = health(edge)
    const tone = state === 'bad' || state === 'warn' ? state : ''
    this.#facts.set([
      ['To server', bytes(edge.bytesToServer)],
      ['To client', bytes(edge.bytesToClient)],
      ['Open now', count(edge.active)],
      ['Opened', `${count(edge.opened)}${edge.openedRate > 0 ? ` (${perSecond(edge.openedRate)})` : ''}`],
      ['Failed', `${count(edge.failed)}${edge.failedRate > 0 ? ` (${perSecond(edge.failedRate)})` : ''}`, edge.failed > 0 ? 'warn' : ''],
      ['Failing now', edge.failedRate > 0 ? percent(failedShare(edge)) : 'none', tone],
      ['Round trip', edge.rttMs ? milliseconds(edge.rttMs) : '–'],
      ['Last traffic', since(edge.lastSeen)],
    ])
    this.#with.replaceChildren()
  }

  #figures(...figures: [string, number][]): void {
    this.#big.replaceChildren(...figures.map(([label, value], index) =>
      h('div', { class: index === 0 ? 'out' : 'in' }, h('span', {}, `${index === 0 ? '↑' : '↓'} ${label}`), h('strong', {}, rate(value)))))
  }

  #ask(node: MapNode | undefined, edge: MapEdge | undefined): void {
    const path = node?.type === 'workload' ? `workloads/${encodeURIComponent(node.id)}` : edge?.type === 'edge' ? `links/${encodeURIComponent(edge.id)}` : ''
    if (!path) {
      this.#history.replaceChildren()
      return
    }
    if (Date.now() - this.#askedAt < Fresh) {
      return
    }
    this.#askedAt = Date.now()
    this.#asked?.abort()
    this.#asked = new AbortController()
    void get<Detail>(path, this.#asked.signal).then(detail => this.#told(detail, Boolean(node))).catch((cause: unknown) => {
      if (cause instanceof Refused && this.#detail === null) {
        this.#history.replaceChildren(h('p', { class: 'note' }, cause.message))
      }
    })
  }

  #told(detail: Detail, ofNode: boolean): void {
    const first = this.#detail === null
    this.#detail = detail
    if (detail.history?.from && !this.#history.matches(':hover')) {
      const partial = detail.history.partial ? h('p', { class: 'note' }, 'Of its busiest connections.') : null
      this.#history.replaceChildren(sparkline({ ...detail.history, from: detail.history.from }, ofNode ? 'sent' : 'to the server', ofNode ? 'received' : 'to the client'), ...(partial ? [partial] : []))
    } else if (!detail.history?.from) {
      this.#history.replaceChildren(h('p', { class: 'note' }, 'Its course is drawn once there has been some.'))
    }
    // What somebody is reading or has selected is not exchanged under them.
    if (first || !(this.#rest.contains(document.activeElement) || this.#rest.matches(':hover'))) {
      const parts = [roleTable(detail.roles), portTable(detail.ports), seen(detail), queries(detail.promql, this.events.announce)]
      this.#rest.replaceChildren(...parts.filter(part => part !== null))
    }
  }
}

function glyph(kind: string): SVGSVGElement {
  return svg('svg', { viewBox: '-10 -10 20 20', class: 'glyph', 'aria-hidden': 'true' }, svg('path', { d: glyphOf(kind) }))
}
