import type { Point } from '../layout/cells'

/** A quadratic curve from the client's rim to the server's. */
export interface Curve {
  x1: number
  y1: number
  cx: number
  cy: number
  x2: number
  y2: number
}

interface Disc extends Point {
  radius: number
}

export const UsualBend = 0.12

/** Bends to the left of its direction, so that two opposite edges do not lie on each other. */
export function curveBetween(from: Disc, to: Disc, bent = UsualBend): Curve {
  const dx = to.x - from.x
  const dy = to.y - from.y
  const length = Math.hypot(dx, dy)
  if (length < 1) {
    return loop(from)
  }
  const bend = Math.max(-220, Math.min(220, length * bent))
  const cx = (from.x + to.x) / 2 + (dy / length) * bend
  const cy = (from.y + to.y) / 2 - (dx / length) * bend
  const start = towards(from, cx, cy, from.radius + 2)
  const end = towards(to, cx, cy, to.radius + 3)
  return { x1: start.x, y1: start.y, cx, cy, x2: end.x, y2: end.y }
}

export function pointOn(curve: Curve, t: number): Point {
  const s = 1 - t
  return {
    x: s * s * curve.x1 + 2 * s * t * curve.cx + t * t * curve.x2,
    y: s * s * curve.y1 + 2 * s * t * curve.cy + t * t * curve.y2,
  }
}

export function distanceTo(curve: Curve, point: Point): number {
  const pad = 12
  const left = Math.min(curve.x1, curve.x2, curve.cx) - pad
  const right = Math.max(curve.x1, curve.x2, curve.cx) + pad
  const top = Math.min(curve.y1, curve.y2, curve.cy) - pad
  const bottom = Math.max(curve.y1, curve.y2, curve.cy) + pad
  if (point.x < left || point.x > right || point.y < top || point.y > bottom) {
    return Infinity
  }
  let least = Infinity
  let before = pointOn(curve, 0)
  for (let step = 1; step <= 16; step++) {
    const next = pointOn(curve, step / 16)
    least = Math.min(least, toSegment(before, next, point))
    before = next
  }
  return least
}

export function curveLength(curve: Curve): number {
  return (Math.hypot(curve.x2 - curve.x1, curve.y2 - curve.y1) + Math.hypot(curve.cx - curve.x1, curve.cy - curve.y1) + Math.hypot(curve.x2 - curve.cx, curve.y2 - curve.cy)) / 2
}

function loop(disc: Disc): Curve {
  const { x, y, radius } = disc
  return { x1: x - radius * 0.6, y1: y - radius, cx: x, cy: y - radius * 3.4, x2: x + radius * 0.6, y2: y - radius - 2 }
}

function towards(disc: Disc, x: number, y: number, far: number): Point {
  const length = Math.hypot(x - disc.x, y - disc.y) || 1
  return { x: disc.x + ((x - disc.x) / length) * far, y: disc.y + ((y - disc.y) / length) * far }
}

function toSegment(a: Point, b: Point, point: Point): number {
  const dx = b.x - a.x
  const dy = b.y - a.y
  const t = Math.max(0, Math.min(1, ((point.x - a.x) * dx + (point.y - a.y) * dy) / (dx * dx + dy * dy || 1)))
  return Math.hypot(a.x + t * dx - point.x, a.y + t * dy - point.y)
}
