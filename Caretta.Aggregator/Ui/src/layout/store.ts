import type { Cell, Point } from './cells'
import type { Places } from './layout'

const Key = 'caretta.places.1'
const MostScopes = 6
const MostPlaces = 8_000

interface Stored {
  scope: string
  groups: [string, number, number][]
  cells: [string, number, number][]
}

/** Places by scope (the whole map, or one focus), remembered by this browser; the scopes used last, and no more than fit. */
export class PlaceStore {
  readonly #scopes = new Map<string, Places>()

  constructor(private readonly storage: Pick<Storage, 'getItem' | 'setItem'> | null) {
    for (const stored of read(storage)) {
      this.#scopes.set(stored.scope, {
        groups: new Map(stored.groups.map(([id, x, y]) => [id, { x, y }] as [string, Point])),
        cells: new Map(stored.cells.map(([id, col, row]) => [id, { col, row }] as [string, Cell])),
      })
    }
  }

  of(scope: string): Places {
    const places = this.#scopes.get(scope) ?? { groups: new Map(), cells: new Map() }
    this.#scopes.delete(scope)
    this.#scopes.set(scope, places)
    while (this.#scopes.size > MostScopes) {
      this.#scopes.delete(this.#scopes.keys().next().value!)
    }
    return places
  }

  put(scope: string, places: Places): void {
    this.#scopes.delete(scope)
    this.#scopes.set(scope, places)
  }

  forget(scope: string): void {
    this.#scopes.delete(scope)
  }

  save(): void {
    const stored: Stored[] = [...this.#scopes].map(([scope, places]) => ({
      scope,
      groups: [...places.groups].slice(-MostPlaces).map(([id, at]) => [id, Math.round(at.x), Math.round(at.y)]),
      cells: [...places.cells].slice(-MostPlaces).map(([id, cell]) => [id, cell.col, cell.row]),
    }))
    try {
      this.storage?.setItem(Key, JSON.stringify(stored))
    } catch {
      // Full or forbidden: the next visit is laid out anew, as the first was.
    }
  }
}

function read(storage: Pick<Storage, 'getItem'> | null): Stored[] {
  try {
    const stored: unknown = JSON.parse(storage?.getItem(Key) ?? '[]')
    return Array.isArray(stored) ? stored.filter(isStored) : []
  } catch {
    return []
  }
}

function isStored(value: unknown): value is Stored {
  const stored = value as Stored
  const triples = (list: unknown) =>
    Array.isArray(list) && list.every(item => Array.isArray(item) && typeof item[0] === 'string' && Number.isFinite(item[1]) && Number.isFinite(item[2]))
  return typeof stored?.scope === 'string' && triples(stored.groups) && triples(stored.cells)
}
