import type { MapAnswer, MapEdge, MapNode } from '../api/types'
import type { Camera } from '../state/view'
import type { GroupFrame, Layout } from '../layout/layout'
import type { Point } from '../layout/cells'
import { curveBetween, distanceTo, UsualBend, type Curve } from './curve'
import { route } from './route'
import { edgeWidth, health, nodeRadius, type Health } from './scales'

export interface SceneNode {
  node: MapNode
  group: string
  x: number
  y: number
  radius: number
  rate: number
  /** The worst of its edges, if any fails. */
  failing: 'warn' | 'bad' | null
  /** Towards which it glides. */
  goal: { x: number; y: number; rate: number }
}

export interface SceneEdge {
  edge: MapEdge
  from: SceneNode
  to: SceneNode
  curve: Curve
  /** How far it is bent, as a share of its length. */
  bend: number
  rate: number
  width: number
  health: Health
  goal: number
}

export interface SceneGroup extends GroupFrame {
  goal: { x: number; y: number; width: number; height: number }
}

export type Item = { type: 'node'; id: string } | { type: 'edge'; id: string } | { type: 'group'; id: string } | { type: 'fold'; id: string }

/** What is drawn, in the map's own coordinates: glides to what the last answer said instead of jumping there. */
export class Scene {
  nodes = new Map<string, SceneNode>()
  edges = new Map<string, SceneEdge>()
  groups = new Map<string, SceneGroup>()
  #gliding = false
  #grow = 1

  update(map: MapAnswer, layout: Layout, glide: boolean): void {
    const nodes = new Map<string, SceneNode>()
    for (const node of map.nodes) {
      const at = layout.points.get(node.id)
      if (!at) {
        continue
      }
      const rate = node.rateIn + node.rateOut
      const held = this.nodes.get(node.id)
      const from = held ?? this.#origin(node)
      const shown = glide && held ? held.rate : rate
      const start: Point = glide && from ? from : at
      nodes.set(node.id, {
        node, group: layout.home.get(node.id)!, x: start.x, y: start.y, rate: shown, radius: radiusOf(node, shown) * this.#grow, failing: null,
        goal: { x: at.x, y: at.y, rate },
      })
    }
    const edges = new Map<string, SceneEdge>()
    for (const edge of [...map.edges].sort((a, b) => a.rate - b.rate)) {
      const from = nodes.get(edge.from)
      const to = nodes.get(edge.to)
      // What is within a closed namespace is in its size and in the table.
      if (from && to && (from !== to || from.node.type === 'workload')) {
        const state = health(edge)
        if (state === 'warn' || state === 'bad') {
          from.failing = from.failing === 'bad' ? 'bad' : state
          to.failing = to.failing === 'bad' ? 'bad' : state
        }
        const held = this.edges.get(edge.id)
        const rate = glide && held ? held.rate : edge.rate
        const bend = held?.bend ?? UsualBend
        edges.set(edge.id, { edge, from, to, bend, curve: curveBetween(from, to, bend), rate, width: edgeWidth(rate), health: state, goal: edge.rate })
      }
    }
    this.groups = new Map(layout.groups.map(group => {
      const held = this.groups.get(group.id)
      const start = glide && held?.open === group.open ? held : group
      const { x, y, width, height } = start
      return [group.id, { ...group, x, y, width, height, goal: { x: group.x, y: group.y, width: group.width, height: group.height } }]
    }))
    this.nodes = nodes
    this.edges = edges
    this.#gliding = true
    this.step(0)
  }

  /** After nodes got other places: edges find their way around them. */
  reroute(): void {
    route(this)
    this.#gliding = true
  }

  /** Seen from afar discs shrink less than the map does, so that they can be told apart; not so much less that names would find no room under them. */
  seenAt(zoom: number): void {
    const grow = zoom < 1 ? Math.pow(Math.max(zoom, 0.12), -0.25) : 1
    if (Math.abs(grow / this.#grow - 1) > 0.02) {
      this.#grow = grow
      this.#gliding = true
      this.step(0)
    }
  }

  /** One step of the glide; false when all is where it should be. */
  step(milliseconds: number): boolean {
    if (!this.#gliding) {
      return false
    }
    const part = 1 - Math.exp(-milliseconds / 140)
    let rest = 0
    const ease = (now: number, goal: number, fine: number) => {
      const next = now + (goal - now) * part
      const done = Math.abs(goal - next) < fine
      rest += done ? 0 : 1
      return done ? goal : next
    }
    for (const each of this.nodes.values()) {
      each.x = ease(each.x, each.goal.x, 0.5)
      each.y = ease(each.y, each.goal.y, 0.5)
      each.rate = ease(each.rate, each.goal.rate, Math.max(1, each.goal.rate * 0.01))
      each.radius = radiusOf(each.node, each.rate) * this.#grow
    }
    for (const each of this.groups.values()) {
      each.x = ease(each.x, each.goal.x, 0.5)
      each.y = ease(each.y, each.goal.y, 0.5)
      each.width = ease(each.width, each.goal.width, 0.5)
      each.height = ease(each.height, each.goal.height, 0.5)
    }
    for (const each of this.edges.values()) {
      each.rate = ease(each.rate, each.goal, Math.max(1, each.goal * 0.01))
      each.width = edgeWidth(each.rate)
      each.curve = curveBetween(each.from, each.to, each.bend)
    }
    this.#gliding = rest > 0
    return this.#gliding
  }

  settle(): void {
    this.step(100_000)
  }

  at(point: Point, zoom: number): Item | null {
    const slack = 5 / zoom
    let best: Item | null = null
    let least = Infinity
    for (const each of this.nodes.values()) {
      const far = Math.hypot(each.x - point.x, each.y - point.y) - each.radius
      if (far < slack && far < least) {
        least = far
        best = { type: 'node', id: each.node.id }
      }
    }
    if (best) {
      return best
    }
    for (const group of this.groups.values()) {
      if (group.open && point.y > group.y - slack && point.y < group.y + Math.max(34, 26 / zoom) && point.x > group.x && point.x < group.x + group.width) {
        return point.x > group.x + group.width - Math.max(34, 30 / zoom) ? { type: 'fold', id: group.id } : { type: 'group', id: group.id }
      }
    }
    for (const each of this.edges.values()) {
      const far = distanceTo(each.curve, point) - each.width / 2
      if (far < slack && far < least) {
        least = far
        best = { type: 'edge', id: each.edge.id }
      }
    }
    return best
  }

  bounds(ids?: Iterable<string>): { x: number; y: number; width: number; height: number } | null {
    const boxes = ids
      ? [...ids].flatMap(id => this.nodes.get(id) ?? []).map(({ goal }) => ({ x: goal.x - 70, y: goal.y - 50, width: 140, height: 110 }))
      : [...this.groups.values()].map(group => group.goal)
    if (boxes.length === 0) {
      return null
    }
    const x = Math.min(...boxes.map(box => box.x))
    const y = Math.min(...boxes.map(box => box.y))
    return { x, y, width: Math.max(...boxes.map(box => box.x + box.width)) - x, height: Math.max(...boxes.map(box => box.y + box.height)) - y }
  }

  /** What came out of a namespace that was opened starts where it was. */
  #origin(node: MapNode): Point | null {
    return node.type === 'workload' ? (this.nodes.get(`n:${node.namespace}`) ?? null) : null
  }
}

function radiusOf(node: MapNode, rate: number): number {
  return node.type === 'namespace' ? nodeRadius(rate) + 6 : nodeRadius(rate)
}

export function toScreen(camera: Camera, width: number, height: number, point: Point): Point {
  return { x: (point.x - camera.x) * camera.zoom + width / 2, y: (point.y - camera.y) * camera.zoom + height / 2 }
}

export function toWorld(camera: Camera, width: number, height: number, point: Point): Point {
  return { x: (point.x - width / 2) / camera.zoom + camera.x, y: (point.y - height / 2) / camera.zoom + camera.y }
}
