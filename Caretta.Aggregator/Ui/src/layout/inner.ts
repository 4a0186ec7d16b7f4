import { forceLink, forceManyBody, forceSimulation, forceX, forceY, type SimulationNodeDatum } from 'd3-force'
import { block, cellPoint, CellWidth, type Cell, type Point } from './cells'

export interface Pair {
  from: string
  to: string
}

interface Body extends SimulationNodeDatum {
  id: string
}

/** Where the nodes of one group stand in its grid: forces find a first order, exchanges of places better it. */
export function arrange(ids: string[], pairs: Pair[]): Map<string, Cell> {
  const order = [...ids].sort()
  const cells = block(order.length)
  const rough = simulate(order, pairs)
  const places = settle(order, rough, cells)
  improve(order, places, neighbours(order, pairs), () => null)
  return places
}

/** Exchanges places while that shortens edges, those to nodes of other groups included. */
export function refine(ids: string[], places: Map<string, Cell>, pairs: Pair[], origin: Point, elsewhere: (id: string) => Point | null): void {
  const order = [...ids].sort()
  improve(order, places, neighbours(order, pairs), id => {
    const point = elsewhere(id)
    return point && { x: point.x - origin.x, y: point.y - origin.y }
  })
}

/** What it costs that a node stands here: length, more if the edge goes against the reading direction. */
export function cost(at: Point, other: Point, outgoing: boolean): number {
  const dx = outgoing ? other.x - at.x : at.x - other.x
  const dy = other.y - at.y
  const length = Math.hypot(dx, dy)
  // Clients left, servers right: as one reads. Going back costs, standing upright costs a little.
  return length + (dx < CellWidth * 0.4 ? (CellWidth * 0.4 - dx) * 0.7 : 0)
}

export interface Neighbour {
  id: string
  outgoing: boolean
}

function neighbours(order: string[], pairs: Pair[]): Map<string, Neighbour[]> {
  const of = new Map<string, Neighbour[]>(order.map(id => [id, []]))
  for (const { from, to } of pairs) {
    if (from !== to) {
      of.get(from)?.push({ id: to, outgoing: true })
      of.get(to)?.push({ id: from, outgoing: false })
    }
  }
  return of
}

function simulate(order: string[], pairs: Pair[]): Body[] {
  const bodies: Body[] = order.map(id => ({ id }))
  const known = new Map(bodies.map(body => [body.id, body]))
  const links = pairs
    .filter(pair => pair.from !== pair.to && known.has(pair.from) && known.has(pair.to))
    .map(pair => ({ source: known.get(pair.from)!, target: known.get(pair.to)! }))
  const flow = (alpha: number) => {
    for (const { source, target } of links) {
      const lack = CellWidth - (target.x! - source.x!)
      if (lack > 0) {
        const push = Math.min(lack, CellWidth) * 0.08 * alpha
        source.vx! -= push
        target.vx! += push
      }
    }
  }
  forceSimulation(bodies)
    .force('links', forceLink(links).distance(CellWidth))
    .force('apart', forceManyBody().strength(-400))
    .force('x', forceX(0).strength(0.04))
    .force('y', forceY(0).strength(0.09))
    .force('flow', flow)
    .stop()
    .tick(order.length > 150 ? 120 : 240)
  return bodies
}

/** Each body to the nearest free cell, after the cloud of bodies is stretched over the block of cells. */
function settle(order: string[], bodies: Body[], cells: Cell[]): Map<string, Cell> {
  const points = cells.map(cellPoint)
  const from = extent(bodies.map(body => ({ x: body.x!, y: body.y! })))
  const to = extent(points)
  const wish = new Map(
    bodies.map(body => [
      body.id,
      {
        x: to.x + ((body.x! - from.x) / (from.width || 1)) * to.width,
        y: to.y + ((body.y! - from.y) / (from.height || 1)) * to.height,
      },
    ]),
  )
  const free = new Set(cells.keys())
  const places = new Map<string, Cell>()
  for (const id of order) {
    const want = wish.get(id)!
    let best = -1
    let least = Infinity
    for (const index of free) {
      const far = Math.hypot(points[index]!.x - want.x, points[index]!.y - want.y)
      if (far < least) {
        least = far
        best = index
      }
    }
    free.delete(best)
    places.set(id, cells[best]!)
  }
  return places
}

function improve(order: string[], places: Map<string, Cell>, near: Map<string, Neighbour[]>, elsewhere: (id: string) => Point | null): void {
  const points = new Map(order.map(id => [id, cellPoint(places.get(id)!)]))
  const far = new Map<string, Point | null>()
  const pointOf = (id: string): Point | null => {
    const own = points.get(id)
    if (own) {
      return own
    }
    if (!far.has(id)) {
      far.set(id, elsewhere(id))
    }
    return far.get(id)!
  }
  const costAt = (id: string, at: Point, other: string, otherAt: Point): number => {
    let sum = 0
    for (const { id: neighbour, outgoing } of near.get(id)!) {
      const point = neighbour === other ? otherAt : pointOf(neighbour)
      if (point) {
        sum += points.has(neighbour) ? cost(at, point, outgoing) : cost(at, point, outgoing) * 0.4
      }
    }
    return sum
  }
  const passes = order.length > 120 ? 3 : 8
  for (let pass = 0; pass < passes; pass++) {
    let better = false
    for (let i = 0; i < order.length; i++) {
      for (let j = i + 1; j < order.length; j++) {
        const a = order[i]!
        const b = order[j]!
        const pa = points.get(a)!
        const pb = points.get(b)!
        const now = costAt(a, pa, b, pb) + costAt(b, pb, a, pa)
        const then = costAt(a, pb, b, pa) + costAt(b, pa, a, pb)
        if (then < now - 0.01) {
          points.set(a, pb)
          points.set(b, pa)
          const cell = places.get(a)!
          places.set(a, places.get(b)!)
          places.set(b, cell)
          better = true
        }
      }
    }
    if (!better) {
      return
    }
  }
}

function extent(points: Point[]): { x: number; y: number; width: number; height: number } {
  const xs = points.map(point => point.x)
  const ys = points.map(point => point.y)
  const x = Math.min(...xs)
  const y = Math.min(...ys)
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y }
}
