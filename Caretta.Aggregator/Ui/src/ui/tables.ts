import { get } from '../api/client'
import type { MapAnswer, MapEdge, MapNode, Page, WorkloadItem } from '../api/types'
import { failedShare, health } from '../draw/scales'
import { bytes, count, milliseconds, percent, perSecond, plural, ports, rate, since } from '../format'
import { formatQuery, type View } from '../state/view'
import { h } from './dom'
import { Grid, type Column } from './grid'
import { nameOf } from './names'

const Batch = 200

/** The view as tables: the map's equivalent for whoever does not see it, and what is left when there is too much to draw. */
export class Tables {
  readonly element = h('section', { class: 'tables', 'aria-label': 'Tables', hidden: true })
  #names = new Map<string, MapNode>()
  #tab: 'connections' | 'workloads' = 'connections'
  #query = ''
  #items: WorkloadItem[] = []
  #next: string | null = null
  readonly #note = h('p', { class: 'note' })
  readonly #edges: Grid<MapEdge>
  readonly #workloads: Grid<WorkloadItem>
  readonly #more = h('button', { type: 'button', class: 'plain', onclick: () => void this.#load() }, 'More')
  readonly #scroll = h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Table' })
  readonly #tabs: HTMLButtonElement[]
  #last: { map: MapAnswer; view: View } | null = null

  constructor(pickEdge: (id: string) => void, pickWorkload: (item: WorkloadItem) => void) {
    this.#edges = new Grid<MapEdge>(this.#edgeColumns(), 'Connections of this view', 3, true, edge => pickEdge(edge.id))
    this.#workloads = new Grid<WorkloadItem>(workloadColumns, 'Workloads', 3, true, pickWorkload)
    this.#tabs = (['connections', 'workloads'] as const).map(tab =>
      h('button', { type: 'button', class: 'tab', 'data-tab': tab, onclick: () => this.#open(tab) }, tab === 'connections' ? 'Connections in view' : 'All workloads'))
    this.element.append(h('div', { class: 'tabs' }, ...this.#tabs, this.#note), this.#scroll)
  }

  show(map: MapAnswer, view: View): void {
    this.#last = { map, view }
    this.#names = new Map(map.nodes.map(node => [node.id, node]))
    this.#tabs.forEach(tab => tab.setAttribute('aria-pressed', String(tab.dataset['tab'] === this.#tab)))
    if (this.#tab === 'connections') {
      const edges = map.edges.filter(edge => edge.from !== 'rest' || edge.to !== 'rest')
      this.#edges.show(edges, view.select)
      this.#put(this.#edges.element)
      const left = map.left.edges > 0 ? `; ${plural(map.left.edges, 'quieter connection')} with ${rate(map.left.rate)} not listed` : ''
      this.#note.textContent = `${plural(edges.length, 'connection')}${left}`
      return
    }
    const query = formatQuery({ ...view, expand: [], focus: '' })
    if (query !== this.#query || this.#items.length === 0) {
      this.#query = query
      this.#items = []
      this.#next = null
      void this.#load()
    }
    this.#put(this.#workloads.element, this.#more)
  }

  #open(tab: 'connections' | 'workloads'): void {
    this.#tab = tab
    this.#items = []
    if (this.#last) {
      this.show(this.#last.map, this.#last.view)
    }
  }

  #put(...elements: HTMLElement[]): void {
    if (this.#scroll.firstElementChild !== elements[0]) {
      this.#scroll.replaceChildren(...elements)
    }
  }

  async #load(): Promise<void> {
    const query = this.#query
    const extra = `limit=${Batch}&sort=rate${this.#next ? `&after=${encodeURIComponent(this.#next)}` : ''}`
    try {
      const page = await get<Page<WorkloadItem>>(`workloads${query ? `${query}&` : '?'}${extra}`)
      if (query !== this.#query) {
        return
      }
      this.#items = [...this.#items, ...page.items]
      this.#next = page.next
      this.#more.hidden = page.next === null
      this.#workloads.show(this.#items, '')
      this.#note.textContent = `${count(this.#items.length)} of ${plural(page.total, 'workload')}, by rate`
    } catch (cause) {
      this.#note.textContent = (cause as Error).message
    }
  }

  #edgeColumns(): Column<MapEdge>[] {
    const end = (id: string) => {
      const node = this.#names.get(id)
      return node ? (node.type === 'workload' ? `${node.namespace}/${node.name}` : nameOf(node)) : id
    }
    const tone = (edge: MapEdge) => {
      const state = health(edge)
      return state === 'bad' || state === 'warn' ? state : ''
    }
    return [
      { label: 'Client', value: edge => end(edge.from) },
      { label: 'Server', value: edge => end(edge.to) },
      { label: 'Ports', value: edge => ports(edge.ports) },
      { label: 'Rate', value: edge => rate(edge.rate), number: edge => edge.rate },
      { label: 'To server', value: edge => bytes(edge.bytesToServer), number: edge => edge.bytesToServer },
      { label: 'To client', value: edge => bytes(edge.bytesToClient), number: edge => edge.bytesToClient },
      { label: 'Open', value: edge => count(edge.active), number: edge => edge.active },
      { label: 'Failing', value: edge => (edge.failedRate > 0 ? `${perSecond(edge.failedRate)}, ${percent(failedShare(edge))}` : '–'), number: edge => edge.failedRate, tone },
      { label: 'Failed', value: edge => count(edge.failed), number: edge => edge.failed },
      { label: 'Round trip', value: edge => (edge.rttMs ? milliseconds(edge.rttMs) : '–'), number: edge => edge.rttMs ?? 0 },
      { label: 'Last traffic', value: edge => since(edge.lastSeen), number: edge => (edge.lastSeen === null ? 0 : Date.parse(edge.lastSeen)) },
    ]
  }
}

const workloadColumns: Column<WorkloadItem>[] = [
  { label: 'Workload', value: item => item.name },
  { label: 'Namespace', value: item => item.namespace },
  { label: 'Kind', value: item => item.kind },
  { label: 'Rate', value: item => rate(item.rateIn + item.rateOut), number: item => item.rateIn + item.rateOut },
  { label: 'Sends', value: item => rate(item.rateOut), number: item => item.rateOut },
  { label: 'Receives', value: item => rate(item.rateIn), number: item => item.rateIn },
  { label: 'Sent', value: item => bytes(item.bytesOut), number: item => item.bytesOut },
  { label: 'Received', value: item => bytes(item.bytesIn), number: item => item.bytesIn },
  { label: 'Open', value: item => count(item.active), number: item => item.active },
  { label: 'Failing', value: item => (item.failedRate > 0 ? perSecond(item.failedRate) : '–'), number: item => item.failedRate, tone: item => (item.failedRate > 0 ? 'warn' : '') },
]
