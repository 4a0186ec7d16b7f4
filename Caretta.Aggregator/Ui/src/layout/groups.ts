import { forceLink, forceManyBody, forceSimulation, forceX, forceY, type SimulationNodeDatum } from 'd3-force'
import { cellPoint, type Point } from './cells'
import { arrange } from './inner'

/** A group's box: its anchor (the point of cell 0,0) and how far it reaches from there. */
export interface Box {
  id: string
  at: Point | null
  /** Drawn as its workloads. */
  open: boolean
  left: number
  right: number
  top: number
  bottom: number
}

export interface GroupPair {
  from: string
  to: string
  weight: number
}

const Gap = 44
/** Width over height of what the picture is to fill, where nobody says otherwise. */
export const ScreenRatio = 1.7
/** Boxes are wider than high: to be parted by the shorter way alone would pile them into a tower. */
const Wide = 1.7
/** Above, forces give a ball of wool; a grid is a table of contents. */
const MostByForce = 18

interface Body extends SimulationNodeDatum {
  box: Box
  placed: boolean
}

/** Gives boxes without a place one near those they talk with, and pushes apart what overlaps; the pivot stays where it is. */
export function placeGroups(boxes: Box[], pairs: GroupPair[], pivot: string | null, screen = ScreenRatio): void {
  const order = [...boxes].sort((a, b) => (a.id < b.id ? -1 : 1))
  if (order.every(box => box.at === null)) {
    if (order.length > MostByForce && order.filter(box => box.open).length * 4 < order.length) {
      table(order, pairs)
      separate(order, order.find(box => box.open)?.id ?? null)
      return
    }
    best(order, pairs, screen)
  } else if (order.some(box => box.at === null)) {
    simulate(order, pairs, 2, 0)
  }
  separate(order, pivot)
}

/** Many namespaces, nearly all closed: places in one grid, exchanged until edges are short. */
function table(order: Box[], pairs: GroupPair[]): void {
  const cells = arrange(order.map(box => box.id), pairs)
  order.forEach(box => (box.at = cellPoint(cells.get(box.id)!)))
}

/** Forces end in one of many valleys: several are tried, and the picture that fills a screen and reads best is taken. */
function best(order: Box[], pairs: GroupPair[], screen: number): void {
  const turns = order.length > 60 ? 1 : order.length > 20 ? 3 : 8
  let least = Infinity
  let places: Point[] = []
  for (const flat of screen < 1 ? [0.3, 0.6, 1.2] : [1.2, 2.5, 5]) {
    for (let turn = 0; turn < turns; turn++) {
      order.forEach(box => (box.at = null))
      simulate(order, pairs, flat, turn)
      separate(order, null)
      const score = judge(order, pairs, screen)
      if (score < least) {
        least = score
        places = order.map(box => box.at!)
      }
    }
  }
  order.forEach((box, index) => (box.at = places[index]!))
}

/** Small for a picture that fills the screen, whose edges are short, run from left to right and through no other group. */
function judge(order: Box[], pairs: GroupPair[], screen: number): number {
  const known = new Map(order.map(box => [box.id, box]))
  const left = Math.min(...order.map(box => box.at!.x - box.left))
  const right = Math.max(...order.map(box => box.at!.x + box.right))
  const top = Math.min(...order.map(box => box.at!.y - box.top))
  const bottom = Math.max(...order.map(box => box.at!.y + box.bottom))
  let length = 0
  let weights = 0
  for (const pair of pairs) {
    const from = known.get(pair.from)!
    const to = known.get(pair.to)!
    const a = middle(from)
    const b = middle(to)
    const weight = Math.min(4, pair.weight)
    weights += weight
    const through = order.length > 60 ? 0 : order.filter(box => box !== from && box !== to && crosses(a, b, box)).length
    length += weight * (Math.hypot(b.x - a.x, b.y - a.y) + Math.max(0, a.x - b.x) * 0.8 + through * 160)
  }
  return Math.max((right - left) / Math.max(screen, 1), (bottom - top) * Math.min(screen, 1)) + (weights > 0 ? (0.6 * length) / weights : 0)
}

function crosses(a: Point, b: Point, box: Box): boolean {
  for (let step = 1; step < 12; step++) {
    const x = a.x + ((b.x - a.x) * step) / 12 - box.at!.x
    const y = a.y + ((b.y - a.y) * step) / 12 - box.at!.y
    if (x > -box.left && x < box.right && y > -box.top && y < box.bottom) {
      return true
    }
  }
  return false
}

function simulate(order: Box[], pairs: GroupPair[], flat: number, turn: number): void {
  const placed = order.filter(box => box.at !== null)
  const bodies: Body[] = order.map(box => ({ box, placed: box.at !== null, ...(box.at ? { fx: middle(box).x, fy: middle(box).y } : {}) }))
  const known = new Map(bodies.map(body => [body.box.id, body]))
  const links = pairs
    .filter(pair => pair.from !== pair.to && known.has(pair.from) && known.has(pair.to))
    .map(pair => ({ source: known.get(pair.from)!, target: known.get(pair.to)!, weight: pair.weight }))
  bodies.forEach((body, index) => {
    if (!body.placed && placed.length > 0) {
      start(body, links, placed)
    } else if (!body.placed) {
      const angle = (index + turn) * 2.4 + turn
      body.x = Math.cos(angle) * 160 * Math.sqrt(index + 1) * Math.sqrt(flat)
      body.y = (Math.sin(angle) * 160 * Math.sqrt(index + 1)) / Math.sqrt(flat)
    }
  })
  const reach = (body: Body) => Math.hypot(width(body.box), height(body.box)) / 2
  const flow = (alpha: number) => {
    for (const { source, target, weight } of links) {
      const want = (width(source.box) + width(target.box)) / 2 + Gap
      const lack = want - (target.x! - source.x!)
      if (lack > 0) {
        const push = Math.min(lack, want) * 0.07 * alpha * Math.min(1, weight / 3)
        source.vx! -= push
        target.vx! += push
      }
    }
  }
  forceSimulation(bodies)
    .force('links', forceLink(links).distance(link => reach(link.source as Body) * 0.8 + reach(link.target as Body) * 0.8 + Gap).strength(0.25))
    .force('apart', forceManyBody<Body>().strength(body => -reach(body) * 9).distanceMax(2200))
    .force('x', forceX(0).strength(0.05))
    .force('y', forceY(0).strength(0.05 * flat))
    .force('boxes', () => overlaps(bodies))
    .force('flow', flow)
    .stop()
    .tick(order.length > 60 ? 150 : 220)
  for (const body of bodies) {
    if (!body.placed) {
      const { box } = body
      box.at = { x: Math.round(body.x! - (box.right - box.left) / 2), y: Math.round(body.y! - (box.bottom - box.top) / 2) }
    }
  }
}

function start(body: Body, links: { source: Body; target: Body }[], placed: Box[]): void {
  const friends = links
    .flatMap(link => (link.source === body ? [link.target] : link.target === body ? [link.source] : []))
    .filter(friend => friend.placed)
    .map(friend => middle(friend.box))
  const points = friends.length > 0 ? friends : placed.map(middle)
  body.x = points.reduce((sum, point) => sum + point.x, 0) / points.length + 40
  body.y = points.reduce((sum, point) => sum + point.y, 0) / points.length + 40
}

function overlaps(bodies: Body[]): void {
  for (let i = 0; i < bodies.length; i++) {
    for (let j = i + 1; j < bodies.length; j++) {
      const a = bodies[i]!
      const b = bodies[j]!
      const dx = b.x! + b.vx! - a.x! - a.vx!
      const dy = b.y! + b.vy! - a.y! - a.vy!
      const gap = gapOf(a.box, b.box)
      const lx = (width(a.box) + width(b.box)) / 2 + gap - Math.abs(dx)
      const ly = (height(a.box) + height(b.box)) / 2 + gap - Math.abs(dy)
      if (lx > 0 && ly > 0) {
        if (lx < ly * Wide) {
          const push = (lx / 2) * (dx < 0 ? -1 : 1) * 0.5
          a.vx! -= push
          b.vx! += push
        } else {
          const push = (ly / 2) * (dy < 0 ? -1 : 1) * 0.5
          a.vy! -= push
          b.vy! += push
        }
      }
    }
  }
}

/** Moves boxes by as little as it takes until none overlaps another. What was pushed out of the way stays there. */
export function separate(boxes: Box[], pivot: string | null): void {
  for (let round = 0; round < 400; round++) {
    let moved = false
    for (let i = 0; i < boxes.length; i++) {
      for (let j = i + 1; j < boxes.length; j++) {
        moved = part(boxes[i]!, boxes[j]!, pivot) || moved
      }
    }
    if (!moved) {
      return
    }
  }
}

function part(a: Box, b: Box, pivot: string | null): boolean {
  const pa = middle(a)
  const pb = middle(b)
  const gap = gapOf(a, b)
  const lx = (width(a) + width(b)) / 2 + gap - Math.abs(pb.x - pa.x)
  const ly = (height(a) + height(b)) / 2 + gap - Math.abs(pb.y - pa.y)
  if (lx <= 0.5 || ly <= 0.5) {
    return false
  }
  const share = a.id === pivot ? 0 : b.id === pivot ? 1 : 0.5
  if (lx < ly * Wide) {
    const push = (lx + 1) * (pb.x < pa.x ? -1 : 1)
    a.at!.x -= push * share
    b.at!.x += push * (1 - share)
  } else {
    const push = (ly + 1) * (pb.y < pa.y ? -1 : 1)
    a.at!.y -= push * share
    b.at!.y += push * (1 - share)
  }
  return true
}

export function middle(box: Box): Point {
  return { x: box.at!.x + (box.right - box.left) / 2, y: box.at!.y + (box.bottom - box.top) / 2 }
}

/** Closed namespaces stand in their cell, which has air enough. */
function gapOf(a: Box, b: Box): number {
  return a.open && b.open ? Gap : a.open || b.open ? Gap / 2 : 0
}

function width(box: Box): number {
  return box.left + box.right
}

function height(box: Box): number {
  return box.top + box.bottom
}
