import { forceLink, forceManyBody, forceSimulation, forceX, forceY, type SimulationNodeDatum } from 'd3-force'
import { block, cellPoint, CellWidth, type Cell, type Point } from './cells'
import { improve } from './improve'
import type { Pair } from './pull'

interface Body extends SimulationNodeDatum {
  id: string
}

/** Where the nodes of one group stand in its grid: forces find a first order, exchanges of places better it. */
export function arrange(ids: string[], pairs: Pair[]): Map<string, Cell> {
  const order = [...ids].sort()
  const cells = block(order.length)
  const rough = simulate(order, pairs)
  const places = settle(order, rough, cells)
  improve(order, places, pairs, () => null)
  return places
}

/** Exchanges places while that shortens edges, those to nodes of other groups included. */
export function refine(ids: string[], places: Map<string, Cell>, pairs: Pair[], origin: Point, elsewhere: (id: string) => Point | null): void {
  const order = [...ids].sort()
  improve(order, places, pairs, id => {
    const point = elsewhere(id)
    return point && { x: point.x - origin.x, y: point.y - origin.y }
  })
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

function extent(points: Point[]): { x: number; y: number; width: number; height: number } {
  const xs = points.map(point => point.x)
  const ys = points.map(point => point.y)
  const x = Math.min(...xs)
  const y = Math.min(...ys)
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y }
}
