import { describe, expect, it } from 'vitest'
import type { MapNode } from '../src/api/types'
import { layout, type GroupFrame, type Places } from '../src/layout/layout'
import { PlaceStore } from '../src/layout/store'
import { cluster, edge, node } from './cluster'

const none = (): Places => ({ groups: new Map(), cells: new Map() })

describe('Places', () => {
  it('are the same for the same map, in whatever order an answer has it', () => {
    const { nodes, edges } = cluster(5, 9)
    const one = layout(nodes, edges, none())
    const other = layout([...nodes].reverse(), [...edges].reverse(), none())
    expect(sorted(other.points)).toEqual(sorted(one.points))
  })

  it('stay when nothing came and nothing went', () => {
    const { nodes, edges } = cluster(4, 6)
    const places = none()
    const before = layout(nodes, edges, places)
    expect(sorted(layout(nodes, edges, places).points)).toEqual(sorted(before.points))
  })

  it('stay when a workload comes to a group that has room around it, and it comes beside whom it talks with', () => {
    const { nodes, edges } = cluster(1, 8)
    const places = none()
    const before = layout(nodes, edges, places).points
    const after = layout([...nodes, node('new', 'ns0')], [...edges, edge('0-3', 'new')], places).points
    nodes.forEach(({ id }) => expect(after.get(id)).toEqual(before.get(id)))
    const mean = nodes.reduce((sum, { id }) => sum + far(after, id, 'new'), 0) / nodes.length
    expect(far(after, '0-3', 'new')).toBeLessThan(mean)
  })

  it('of those that went are still theirs when they come back', () => {
    const { nodes, edges } = cluster(3, 5)
    const places = none()
    const before = layout(nodes, edges, places).points
    layout(nodes.filter(({ id }) => id !== '1-2'), edges.filter(each => each.from !== '1-2' && each.to !== '1-2'), places)
    expect(sorted(layout(nodes, edges, places).points)).toEqual(sorted(before))
  })

  it('are never on each other, and groups never overlap', () => {
    const { nodes, edges } = cluster(12, 25)
    const placed = layout(nodes, edges, none())
    expect(new Set([...placed.points.values()].map(({ x, y }) => `${Math.round(x)},${Math.round(y)}`)).size).toBe(nodes.length)
    expect(overlaps(placed.groups)).toEqual([])
  })

  it('of a group that opens stay put while others make room', () => {
    const closed: MapNode[] = Array.from({ length: 30 }, (_, index) => node(`n:ns${index}`, `ns${index}`, { type: 'namespace', workloads: 9 }))
    const places = none()
    layout(closed, [], places)
    const anchor = { ...places.groups.get('ns7')! }
    const inside = Array.from({ length: 9 }, (_, index) => node(`7-${index}`, 'ns7'))
    const opened = layout([...closed.filter(each => each.namespace !== 'ns7'), ...inside], [], places, 'ns7')
    expect(places.groups.get('ns7')).toEqual(anchor)
    expect(overlaps(opened.groups)).toEqual([])
  })

  it('of many closed namespaces make a picture as wide as a screen', () => {
    const closed = Array.from({ length: 120 }, (_, index) => node(`n:ns${index}`, `ns${index}`, { type: 'namespace' }))
    const { points } = layout(closed, [], none())
    const xs = [...points.values()].map(({ x }) => x)
    const ys = [...points.values()].map(({ y }) => y)
    const ratio = (Math.max(...xs) - Math.min(...xs)) / (Math.max(...ys) - Math.min(...ys))
    expect(ratio).toBeGreaterThan(1.2)
    expect(ratio).toBeLessThan(2.4)
  })

  it('fill a phone from top to bottom', () => {
    const { nodes, edges } = cluster(6, 4)
    const shape = (screen: number) => {
      const { groups } = layout(nodes, edges, none(), null, screen)
      const wide = Math.max(...groups.map(each => each.x + each.width)) - Math.min(...groups.map(each => each.x))
      return wide / (Math.max(...groups.map(each => each.y + each.height)) - Math.min(...groups.map(each => each.y)))
    }
    expect(shape(0.6)).toBeLessThan(1)
    expect(shape(1.7)).toBeGreaterThan(1)
  })

  it('of externals that only dial in are apart from those that are dialled', () => {
    const outside = { external: true, kind: 'external' }
    const { home } = layout([node('user', 'external', outside), node('shop', 'shop'), node('bank', 'external', outside)], [edge('user', 'shop'), edge('shop', 'bank')], none())
    expect(home.get('user')).not.toBe(home.get('bank'))
    expect(home.get('bank')).toBe('external')
  })
})

describe('The store of places', () => {
  it('gives back on the next visit what it was given on the last', () => {
    const storage = memory()
    const { nodes, edges } = cluster(3, 7)
    const first = new PlaceStore(storage)
    const before = layout(nodes, edges, first.of('map')).points
    first.save()
    const after = layout(nodes, edges, new PlaceStore(storage).of('map')).points
    expect(sorted(after)).toEqual(sorted(before))
  })

  it.each(['nonsense', '{}', '[1]', '[{"scope":"map","groups":[["a","b"]],"cells":[]}]', '[{"scope":"map","groups":null}]'])('begins anew over %s', text => {
    expect(new PlaceStore(memory(text)).of('map').groups.size).toBe(0)
  })

  it('keeps the scopes used last, and no more', () => {
    const store = new PlaceStore(memory())
    store.of('first').groups.set('a', { x: 1, y: 1 })
    for (let index = 0; index < 6; index++) {
      store.of(`focus ${index}`)
    }
    expect(store.of('first').groups.size).toBe(0)
  })

  it('does without a storage that is full', () => {
    const store = new PlaceStore({ getItem: () => null, setItem: () => { throw new Error('full') } })
    store.of('map')
    expect(() => store.save()).not.toThrow()
  })
})

function memory(text: string | null = null): Pick<Storage, 'getItem' | 'setItem'> {
  let held = text
  return { getItem: () => held, setItem: (_, value) => { held = value } }
}

function sorted<T>(map: Map<string, T>): [string, T][] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1))
}

function far(points: Map<string, { x: number; y: number }>, a: string, b: string): number {
  return Math.hypot(points.get(a)!.x - points.get(b)!.x, points.get(a)!.y - points.get(b)!.y)
}

function overlaps(groups: GroupFrame[]): string[] {
  return groups.flatMap((a, index) => groups.slice(index + 1)
    .filter(b => a.x < b.x + b.width - 1 && b.x < a.x + a.width - 1 && a.y < b.y + b.height - 1 && b.y < a.y + a.height - 1)
    .map(b => `${a.id} ${b.id}`))
}
