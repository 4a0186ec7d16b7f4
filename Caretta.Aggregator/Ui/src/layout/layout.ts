import type { MapEdge, MapNode as AnyNode } from '../api/types'
import { block, cellKey, cellPoint, CellHeight, CellWidth, type Cell, type Point } from './cells'
import { placeGroups, ScreenRatio, type Box, type GroupPair } from './groups'
import { arrange, refine } from './inner'
import { cost, type Pair } from './pull'

/** What of a node decides where it stands. */
type MapNode = Pick<AnyNode, 'id' | 'type' | 'namespace' | 'external'>

/** What is remembered between updates and visits: where groups are, and where nodes are in them. */
export interface Places {
  groups: Map<string, Point>
  cells: Map<string, Cell>
}

export interface GroupFrame {
  id: string
  x: number
  y: number
  width: number
  height: number
  /** Drawn as workloads within a frame, or as one node. */
  open: boolean
  nodes: number
}

export interface Layout {
  points: Map<string, Point>
  groups: GroupFrame[]
  /** The group of each node. */
  home: Map<string, string>
}

/** Externals that only ever dial in: a group of their own, since they belong where traffic begins, and the others where it ends. */
export const Dialling = '~dialling'

const PadX = 22
const PadTop = 46
const PadBottom = 22

export function groupOf(node: MapNode): string {
  return node.type === 'rest' ? '~rest' : node.namespace
}

/** The namespace that a group shows. */
export function namespaceOf(group: string): string {
  return group === Dialling ? 'external' : group
}

/**
 * Places for all nodes. What has a place keeps it, unless a group that grew pushes its group aside; the same nodes and edges give the same
 * picture, on every machine.
 */
export function layout(nodes: MapNode[], edges: Pick<MapEdge, 'from' | 'to'>[], places: Places, pivot: string | null = null, screen = ScreenRatio): Layout {
  const served = new Set(edges.map(edge => edge.to))
  const home = new Map(nodes.map(node => [node.id, node.external && node.type === 'workload' && !served.has(node.id) ? Dialling : groupOf(node)]))
  const members = byGroup([...nodes].sort((a, b) => compare(a.id, b.id)), home)
  // The order of an answer is by rate, which is another one each time.
  const pairs: Pair[] = edges.map(edge => ({ from: edge.from, to: edge.to })).sort((a, b) => compare(a.from, b.from) || compare(a.to, b.to))
  const fresh = [...members].filter(([, group]) => isOpen(group) && group.every(node => !places.cells.has(node.id))).map(([id]) => id)

  for (const [id, group] of members) {
    if (!isOpen(group)) {
      continue
    }
    const within = pairs.filter(pair => home.get(pair.from) === id && home.get(pair.to) === id)
    if (fresh.includes(id)) {
      arrange(group.map(node => node.id), within).forEach((cell, node) => places.cells.set(node, cell))
    } else {
      join(group, within, places)
    }
  }

  const boxes = [...members].map(([id, group]) => box(id, group, places))
  placeGroups(boxes, groupPairs(pairs, home), pivot, screen)
  boxes.forEach(({ id, at }) => places.groups.set(id, at!))

  for (const id of fresh) {
    const group = members.get(id)!
    const anchor = places.groups.get(id)!
    refine(group.map(node => node.id), places.cells, pairs, anchor, other => {
      const there = home.get(other)
      return there === undefined ? null : pointOf(other, there, members.get(there)!, places)
    })
  }

  const points = new Map<string, Point>()
  for (const [id, group] of members) {
    for (const node of group) {
      points.set(node.id, pointOf(node.id, id, group, places))
    }
  }
  const groups = boxes.map(each => frame(each, members.get(each.id)!))
  return { points, groups, home }
}

function byGroup(nodes: MapNode[], home: Map<string, string>): Map<string, MapNode[]> {
  const members = new Map<string, MapNode[]>()
  for (const node of nodes) {
    const id = home.get(node.id)!
    members.set(id, [...(members.get(id) ?? []), node])
  }
  return members
}

function isOpen(group: MapNode[]): boolean {
  return group.some(node => node.type === 'workload')
}

/** New nodes of a group that has its places: each to the free cell where its edges are shortest. */
function join(group: MapNode[], pairs: Pair[], places: Places): void {
  const taken = new Map<string, string>()
  const homeless: string[] = []
  for (const { id } of [...group].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    const cell = places.cells.get(id)
    // Two that were never shown together may hold the same cell.
    if (cell && !taken.has(cellKey(cell))) {
      taken.set(cellKey(cell), id)
    } else {
      homeless.push(id)
    }
  }
  for (const id of homeless) {
    const near = pairs.flatMap(pair => (pair.from === id ? [{ id: pair.to, outgoing: true }] : pair.to === id ? [{ id: pair.from, outgoing: false }] : []))
    let best: Cell = { col: 0, row: 0 }
    let least = Infinity
    for (const cell of block(group.length * 2 + 8)) {
      if (taken.has(cellKey(cell))) {
        continue
      }
      const at = cellPoint(cell)
      let sum = Math.hypot(at.x, at.y) * 0.3
      for (const other of near) {
        const there = places.cells.get(other.id)
        sum += there ? cost(at, cellPoint(there), other.outgoing) : 0
      }
      if (sum < least) {
        least = sum
        best = cell
      }
    }
    taken.set(cellKey(best), id)
    places.cells.set(id, best)
  }
}

function box(id: string, group: MapNode[], places: Places): Box {
  const at = places.groups.get(id)
  const open = isOpen(group)
  const points = open ? group.map(node => cellPoint(places.cells.get(node.id)!)) : [{ x: 0, y: 0 }]
  const xs = points.map(point => point.x)
  const ys = points.map(point => point.y)
  return {
    id,
    at: at ? { ...at } : null,
    open,
    left: -Math.min(...xs) + CellWidth / 2 + (open ? PadX : 0),
    right: Math.max(...xs) + CellWidth / 2 + (open ? PadX : 0),
    top: -Math.min(...ys) + CellHeight / 2 + (open ? padTop(group.length) - 12 : 0),
    bottom: Math.max(...ys) + CellHeight / 2 + (open ? PadBottom : 0),
  }
}

function frame(each: Box, group: MapNode[]): GroupFrame {
  const open = isOpen(group)
  return {
    id: each.id,
    x: each.at!.x - each.left,
    y: each.at!.y - each.top,
    width: each.left + each.right,
    height: each.top + each.bottom,
    open,
    nodes: group.length,
  }
}

function pointOf(id: string, groupId: string, group: MapNode[], places: Places): Point {
  const anchor = places.groups.get(groupId)!
  if (!isOpen(group)) {
    return { ...anchor }
  }
  const cell = cellPoint(places.cells.get(id)!)
  return { x: anchor.x + cell.x, y: anchor.y + cell.y }
}

/** A title keeps its size on the screen; above a large group, which is seen from afar, it takes more of the map. */
function padTop(nodes: number): number {
  return PadTop + Math.min(60, Math.max(0, nodes - 6) * 2)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function groupPairs(pairs: Pair[], home: Map<string, string>): GroupPair[] {
  const sums = new Map<string, GroupPair>()
  for (const pair of pairs) {
    const from = home.get(pair.from)
    const to = home.get(pair.to)
    if (from !== undefined && to !== undefined && from !== to) {
      const key = `${from}\n${to}`
      const held = sums.get(key) ?? { from, to, weight: 0 }
      held.weight++
      sums.set(key, held)
    }
  }
  return [...sums.values()]
}
