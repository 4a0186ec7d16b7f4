import { Live, type Trouble } from './api/stream'
import type { MapAnswer } from './api/types'
import { MapView } from './draw/mapView'
import type { Palette } from './draw/palette'
import type { Item } from './draw/scene'
import { plural } from './format'
import { Keys } from './keys'
import { Walk } from './keyboard'
import { namespaceOf } from './layout/layout'
import { Picture } from './picture'
import { filterCount, formatQuery, formatView, parseView, type View } from './state/view'
import { Theme } from './theme'
import { ChangeList } from './ui/changes'
import { ChipRow } from './ui/chipRow'
import { button, h } from './ui/dom'
import { clear, Filters } from './ui/filters'
import { help } from './ui/help'
import { KnownNames } from './ui/knownNames'
import { legend } from './ui/legend'
import { Matrix } from './ui/matrix'
import { sayEdge, sayNode } from './ui/names'
import { banner, emptiness } from './ui/notices'
import { Panel } from './ui/panel'
import { Search } from './ui/search'
import { StatusLine } from './ui/status'
import { Tables } from './ui/tables'
import { TooMany } from './ui/tooMany'
import { Toolbar } from './ui/toolbar'
import { Tooltip } from './ui/tooltip'

/** Holds what is looked at and what is known, and tells the parts when either changes. */
export class App {
  readonly element = h('div', { class: 'app' })
  #view: View = parseView(location.search)
  #map: MapAnswer | null = null
  #trouble: Trouble | null = null
  readonly #calm = matchMedia('(prefers-reduced-motion: reduce)').matches
  #cameraTimer = 0
  /** Asked and not yet drawn. */
  #asking = true
  /** To what is asked now; null: none yet. */
  #answer: MapAnswer | null = null
  readonly #names = new KnownNames(() => this.render())
  readonly #live = new Live({ map: (map, whole) => this.#told(map, whole), trouble: trouble => this.#troubled(trouble) })
  readonly #theme = new Theme(palette => this.#paint(palette))
  readonly #mapView: MapView = new MapView(this.#theme.palette, {
    pick: item => this.#pick(item),
    ask: item => this.details(item),
    hover: (item, at) => this.#tooltip.show(item, at, this.#map),
    moved: camera => this.#moved(camera),
    resized: () => this.#view.camera === null && this.#mapView.fit(undefined, false),
  })
  readonly #picture = new Picture(this.#mapView, this.#calm, this)
  readonly #walk = new Walk(this.#mapView, item => this.#announceItem(item))
  readonly #tooltip = new Tooltip()
  readonly #panel = new Panel({
    go: change => this.go(change),
    select: id => this.go({ select: id }),
    fold: namespace => this.fold(namespace),
    close: () => this.#closePanel(),
    announce: said => this.announce(said),
  })
  readonly #changes = new ChangeList(change => this.go(change), (id, from) => this.#showChange(id, from), appeared => this.#mark(appeared))
  readonly #tables = new Tables(id => this.go({ select: id }), item => this.go({ focus: item.id, hops: 1, select: item.id, mode: 'map', chosen: true }))
  readonly #matrix = new Matrix(id => this.go({ select: id }))
  readonly #search = new Search(found => this.#find(found))
  readonly #filters = new Filters(change => this.go(change))
  readonly #toolbar = new Toolbar(this.#search.element, this.#filters.element, {
    go: change => this.go(change),
    home: () => this.go({ ...clear(), mode: 'map', chosen: false, expand: [], select: '', changes: 0, camera: null }),
    filters: () => this.#toolbar.filterButton.setAttribute('aria-expanded', String(this.#filters.toggle())),
    theme: () => this.#theme.toggle(),
    help: () => this.#help.showModal(),
  })
  readonly #help = help()
  readonly #chips = new ChipRow(id => this.#names.of(id), change => this.go(change))
  readonly #notices = h('div', { class: 'notices' })
  readonly #empty = h('div', { class: 'empty', hidden: true })
  readonly #status = new StatusLine()
  readonly #said = h('div', { class: 'sr-only', 'aria-live': 'polite', role: 'status' })
  readonly #stage = h('main', { class: 'stage' })
  readonly #tooMany = new TooMany(change => this.go(change))
  readonly #zoom = h('div', { class: 'zoom', role: 'group', 'aria-label': 'Zoom' },
    button('plus', 'Zoom in (+)', () => this.#mapView.zoomBy(1.35)), button('minus', 'Zoom out (−)', () => this.#mapView.zoomBy(1 / 1.35)),
    button('fit', 'Whole map (0)', () => this.whole()), button('tidy', 'Lay out anew', () => this.tidy()))
  readonly #legend = legend()

  constructor() {
    const { element } = this.#mapView
    element.setAttribute('role', 'application')
    element.setAttribute('aria-roledescription', 'service map')
    element.setAttribute('aria-label', 'Service map')
    this.#stage.append(element, this.#tables.element, this.#matrix.element, this.#empty, this.#tooMany.element, this.#tooltip.element, this.#legend, this.#zoom, this.#panel.element, this.#changes.element)
    this.element.append(this.#toolbar.element, this.#chips.element, this.#notices, this.#stage, this.#status.element, this.#help, this.#said)
    this.#mapView.motion = !this.#calm
  }

  start(): void {
    window.addEventListener('popstate', () => this.#become(parseView(location.search)))
    document.addEventListener('pointerdown', event => {
      // The menu of exports looks after itself: closed here, before the click, it would never get one.
      if (!this.#filters.element.parentElement!.contains(event.target as Node)) {
        this.#closeFilters()
      }
    })
    new Keys(this, this.#walk, this.#mapView.element)
    void document.fonts?.ready.then(() => this.#mapView.repaint())
    this.#live.ask(formatQuery(this.#view))
    this.render()
  }

  get view(): View {
    return this.#view
  }

  go(change: Partial<View>): void {
    const next = { ...this.#view, ...change }
    // Another part of the cluster is another picture: where the eye was there means nothing here.
    if (next.focus !== this.#view.focus || next.hops !== this.#view.hops) {
      next.camera = null
    }
    const address = formatView(next) || location.pathname
    if (formatView(next) !== formatView(this.#view)) {
      history.pushState(null, '', address)
    }
    this.#become(next)
  }

  fold(namespace: string): void {
    const open = new Set(this.#map?.nodes.filter(node => node.type === 'workload').map(node => node.namespace))
    const opening = !open.delete(namespace)
    if (opening) {
      open.add(namespace)
    }
    this.#picture.makeRoomFor(namespace)
    this.announce(opening ? `Opening ${namespace}` : `Closing ${namespace}`)
    // "-" is no namespace: nothing is open, also where everything would fit.
    this.go({ expand: open.size > 0 ? [...open].sort() : ['-'], select: '' })
  }

  /** Enter on the map. */
  open(item: Item): void {
    const node = this.#map?.nodes.find(each => each.id === item.id)
    if (node?.type === 'namespace') {
      this.fold(node.namespace)
    } else {
      this.go({ select: item.id })
    }
  }

  /** Of a closed namespace too, which Enter and a click open. */
  details(item: Item): void {
    if (item.type === 'node' || item.type === 'edge') {
      this.#tooltip.hide()
      this.go({ select: item.id })
    }
  }

  namespaceOf(id: string): string | null {
    const node = this.#map?.nodes.find(each => each.id === id)
    return node?.type === 'workload' ? node.namespace : null
  }

  search(): void {
    this.#search.focus()
  }

  help(): void {
    this.#help.showModal()
  }

  whole(): void {
    this.#view = { ...this.#view, camera: null }
    history.replaceState(null, '', formatView(this.#view) || location.pathname)
    this.#mapView.fit()
  }

  tidy(): void {
    if (this.#map) {
      this.#picture.tidy(this.#map)
      this.whole()
    }
  }

  zoom(factor: number): void {
    this.#mapView.zoomBy(factor)
  }

  /** One step back out: popovers, selection, list of changes, focus. */
  escape(): void {
    if (!this.#filters.element.hidden) {
      this.closePopovers()
    } else if (this.#view.select) {
      this.#closePanel()
    } else if (this.#view.changes) {
      this.go({ changes: 0 })
    } else if (this.#walk.current) {
      this.#walk.set(null)
    } else if (this.#view.focus) {
      this.go({ focus: '', hops: 1 })
    }
  }

  closePopovers(): void {
    this.#closeFilters()
    this.#toolbar.closeMenu()
  }

  #closeFilters(): void {
    this.#filters.close()
    this.#toolbar.filterButton.setAttribute('aria-expanded', 'false')
  }

  announce(said: string): void {
    this.#said.textContent = said
  }

  #become(next: View): void {
    const asked = formatQuery(next) !== formatQuery(this.#view)
    const selected = next.select !== '' && next.select !== this.#view.select
    const moved = JSON.stringify(next.camera) !== JSON.stringify(this.#view.camera)
    this.#view = next
    if (asked) {
      this.#asking = true
      this.#answer = null
      this.#live.ask(formatQuery(next))
    } else if (moved) {
      if (next.camera) {
        this.#mapView.moveTo(next.camera, true)
      } else {
        this.#mapView.fit()
      }
    }
    this.render()
    // With a camera of its own choice the page has fitted all of it in already.
    if (selected && next.camera) {
      this.#mapView.follow(next.select)
    }
  }

  #told(map: MapAnswer, whole: boolean): void {
    this.#answer = map
    this.#trouble = null
    this.#names.know(map)
    if (whole) {
      this.#filters.know(map)
    }
    this.#picture.told(map)
  }

  /** Of an answer to an earlier question too, where a later one is on its way. */
  drawn(map: MapAnswer): void {
    this.#map = map
    this.#asking = this.#answer === null
    this.render()
  }

  #troubled(trouble: Trouble): void {
    this.#trouble = trouble
    this.render()
  }

  render(): void {
    const view = this.#view
    const map = this.#map
    const mode = !view.chosen && map?.tooMany ? 'table' : view.mode
    this.element.dataset['mode'] = mode
    this.#toolbar.show({ ...view, mode })
    this.#filters.show(view)
    this.#chips.show(view)
    this.#tell(map)
    const filtered = filterCount(view) > 0 || view.focus !== ''
    const emptiness_ = emptiness(this.#trouble, map, filtered, () => this.go(clear()))
    this.#replace(this.#empty, emptiness_)
    this.#empty.hidden = emptiness_ === null
    this.#replace(this.#notices, banner(this.#trouble, map, () => this.#live.again()))
    if (map === null) {
      return
    }
    const drawn = emptiness_ === null
    this.#mapView.element.hidden = mode !== 'map'
    this.#zoom.hidden = this.#legend.hidden = mode !== 'map' || !drawn
    this.#tables.element.hidden = mode !== 'table' || !drawn
    this.#matrix.element.hidden = mode !== 'matrix' || !drawn
    if (mode === 'table') {
      this.#tables.show(map, view)
    } else if (mode === 'matrix') {
      this.#matrix.show(map)
    }
    this.#tooMany.show(map, mode)
    this.#mapView.selected = view.select ? { type: map.edges.some(edge => edge.id === view.select) ? 'edge' : 'node', id: view.select } : null
    this.#panel.show(map, view)
    this.#changes.show(view)
    this.#picture.inset()
    this.#mapView.repaint()
  }

  #tell(map: MapAnswer | null): void {
    this.element.setAttribute('aria-busy', String(this.#asking && !this.#trouble))
    this.#status.show(map, this.#trouble, this.#asking)
    if (map) {
      const { totals } = map
      this.#mapView.element.setAttribute('aria-label', `Service map: ${plural(totals.workloads, 'workload')}, ${plural(totals.edges, 'connection')}. Arrow keys walk, Enter opens, t shows it as a table.`)
    }
  }

  get covered(): boolean {
    return !this.#panel.element.hidden || !this.#changes.element.hidden
  }

  #pick(item: Item | null): void {
    this.#tooltip.hide()
    this.closePopovers()
    if (item === null) {
      this.#walk.set(null)
      this.go({ select: '' })
    } else if (item.type === 'group' || item.type === 'fold') {
      if (item.id !== '~rest') {
        this.fold(namespaceOf(item.id))
      }
    } else {
      this.open(item)
    }
  }

  #find({ id, name }: { id: string; name: string }): void {
    this.#names.set(id, name)
    this.announce(`Around ${name}`)
    this.go({ focus: id, hops: Math.max(1, this.#view.hops), select: id, mode: 'map', chosen: true })
    this.#mapView.element.focus({ preventScroll: true })
  }

  #showChange(id: string, from: string): void {
    this.go(this.#map?.edges.some(edge => edge.id === id) ? { select: id } : { focus: from, hops: 1, select: id, mode: 'map', chosen: true })
  }

  #mark(appeared: Set<string>): void {
    this.#mapView.appeared = appeared
    this.#mapView.repaint()
  }

  #closePanel(): void {
    const inside = this.#panel.element.contains(document.activeElement)
    this.go({ select: '' })
    if (inside) {
      this.#mapView.element.focus({ preventScroll: true })
    }
  }

  #moved(camera: { x: number; y: number; zoom: number }): void {
    this.#tooltip.hide()
    this.#view = { ...this.#view, camera }
    window.clearTimeout(this.#cameraTimer)
    this.#cameraTimer = window.setTimeout(() => history.replaceState(null, '', formatView(this.#view) || location.pathname), 250)
  }

  #announceItem(item: Item | null): void {
    const nodes = new Map(this.#map?.nodes.map(node => [node.id, node]))
    const edge = item?.type === 'edge' ? this.#map?.edges.find(each => each.id === item.id) : undefined
    const node = item?.type === 'node' ? nodes.get(item.id) : undefined
    this.announce(node ? sayNode(node) : edge ? sayEdge(edge, nodes) : '')
  }

  #replace(place: HTMLElement, made: HTMLElement | null): void {
    // Said once, not at each update: an alert that is exchanged for its like is read again.
    if (made?.textContent !== (place.firstElementChild?.textContent ?? undefined)) {
      place.replaceChildren(...(made ? [made] : []))
    }
  }

  #paint(palette: Palette): void {
    this.#mapView.palette = palette
    this.#mapView.repaint()
  }
}
