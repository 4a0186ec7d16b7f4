/** What is looked at, as the address bar says it: whoever opens the same address sees the same. */
export interface View {
  mode: 'map' | 'table' | 'matrix'
  /** null: the page chooses (a table when there is too much for a map). */
  chosen: boolean
  expand: string[]
  focus: string
  hops: number
  namespace: string[]
  kind: string[]
  name: string
  port: string[]
  external: '' | 'only' | 'no'
  minRate: number
  hide: string[]
  isolate: string[]
  select: string
  /** Minutes of "what changed"; 0: not shown. */
  changes: number
  camera: Camera | null
}

export interface Camera {
  x: number
  y: number
  zoom: number
}

export const NoView: View = {
  mode: 'map',
  chosen: false,
  expand: [],
  focus: '',
  hops: 1,
  namespace: [],
  kind: [],
  name: '',
  port: [],
  external: '',
  minRate: 0,
  hide: [],
  isolate: [],
  select: '',
  changes: 0,
  camera: null,
}

const Lists = ['expand', 'namespace', 'kind', 'port', 'hide', 'isolate'] as const

export function parseView(search: string): View {
  const given = new URLSearchParams(search)
  const view: View = { ...NoView }
  for (const key of Lists) {
    view[key] = list(given, key)
  }
  const mode = given.get('view')
  view.chosen = mode === 'map' || mode === 'table' || mode === 'matrix'
  view.mode = view.chosen ? (mode as View['mode']) : 'map'
  view.focus = given.get('focus') ?? ''
  view.hops = within(given.get('hops'), 1, 3, 1)
  view.name = given.get('name') ?? ''
  const external = given.get('external')
  view.external = external === 'only' || external === 'no' ? external : ''
  view.minRate = within(given.get('minRate'), 0, Number.MAX_SAFE_INTEGER, 0)
  view.select = given.get('select') ?? ''
  view.changes = within(given.get('changes'), 0, 1440, 0)
  view.camera = camera(given.get('at'))
  return view
}

/** The address's query; defaults are left out, so the plain address is the whole cluster. */
export function formatView(view: View): string {
  const said = new URLSearchParams()
  if (view.chosen) {
    said.set('view', view.mode)
  }
  ask(said, view)
  if (view.select) {
    said.set('select', view.select)
  }
  if (view.changes) {
    said.set('changes', String(view.changes))
  }
  if (view.camera) {
    const { x, y, zoom } = view.camera
    said.set('at', `${Math.round(x)},${Math.round(y)},${zoom.toPrecision(3)}`)
  }
  return query(said)
}

/** The part of it that the API is asked. */
export function formatQuery(view: View, extra: Record<string, string> = {}): string {
  const said = new URLSearchParams()
  ask(said, view)
  for (const [key, value] of Object.entries(extra)) {
    said.set(key, value)
  }
  return query(said)
}

/** How many of the filters narrow the view. */
export function filterCount(view: View): number {
  const set = [view.namespace.length, view.kind.length, view.name, view.port.length, view.external, view.minRate, view.hide.length, view.isolate.length]
  return set.filter(Boolean).length
}

function ask(said: URLSearchParams, view: View): void {
  for (const key of Lists) {
    if (view[key].length > 0) {
      said.set(key, view[key].map(escape).join(','))
    }
  }
  if (view.focus) {
    said.set('focus', view.focus)
    said.set('hops', String(view.hops))
  }
  if (view.name) {
    said.set('name', view.name)
  }
  if (view.external) {
    said.set('external', view.external)
  }
  if (view.minRate) {
    said.set('minRate', String(view.minRate))
  }
}

// URLSearchParams writes commas and colons as %2C and %3A; both may stand as they are in a query, and addresses are read by people.
function query(said: URLSearchParams): string {
  const text = said.toString().replaceAll('%2C', ',').replaceAll('%3A', ':').replaceAll('%2A', '*')
  return text ? `?${text}` : ''
}

function escape(item: string): string {
  return item.replaceAll(',', '')
}

function list(given: URLSearchParams, key: string): string[] {
  const items = given.getAll(key).flatMap(value => value.split(','))
  return [...new Set(items.map(item => item.trim()).filter(Boolean))]
}

function within(text: string | null, least: number, most: number, otherwise: number): number {
  const value = text === null || text.trim() === '' ? Number.NaN : Number(text)
  return Number.isFinite(value) ? Math.min(most, Math.max(least, value)) : otherwise
}

function camera(text: string | null): Camera | null {
  const [x, y, zoom] = (text ?? '').split(',').map(Number)
  return text && Number.isFinite(x) && Number.isFinite(y) && Number.isFinite(zoom) && zoom! > 0 ? { x: x!, y: y!, zoom: zoom! } : null
}
