import { CellWidth, type Point } from './cells'

export interface Pair {
  from: string
  to: string
}

/** What it costs that a node stands here: length, more if the edge goes against the reading direction. */
export function cost(at: Point, other: Point, outgoing: boolean): number {
  return pull(at.x, at.y, other.x, other.y, outgoing)
}

/** The same of bare numbers: it is asked some million times for one picture. */
export function pull(x: number, y: number, otherX: number, otherY: number, outgoing: boolean): number {
  const dx = outgoing ? otherX - x : x - otherX
  const dy = otherY - y
  // Clients left, servers right: as one reads. Going back costs, standing upright costs a little.
  return Math.sqrt(dx * dx + dy * dy) + (dx < CellWidth * 0.4 ? (CellWidth * 0.4 - dx) * 0.7 : 0)
}
