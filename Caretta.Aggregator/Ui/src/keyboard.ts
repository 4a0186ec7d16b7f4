import type { MapView } from './draw/mapView'
import type { Item, SceneNode } from './draw/scene'

/** Walking over the map without a pointer: arrows between nodes, Tab along the connections of the one that is current. */
export class Walk {
  constructor(private readonly map: MapView, private readonly changed: (item: Item | null) => void) {}

  get current(): Item | null {
    return this.map.current
  }

  /** To the nearest node in this direction, as the eye would choose. */
  step(dx: number, dy: number): void {
    const from = this.#node()
    if (!from) {
      this.#go(this.#first())
      return
    }
    let best: SceneNode | null = null
    let least = Infinity
    for (const each of this.map.scene.nodes.values()) {
      const x = each.goal.x - from.goal.x
      const y = each.goal.y - from.goal.y
      const along = x * dx + y * dy
      const across = Math.abs(x * dy - y * dx)
      if (each === from || along <= 4 || across > along * 2.2) {
        continue
      }
      const far = along + across * 2
      if (far < least) {
        least = far
        best = each
      }
    }
    if (best) {
      this.#go(best)
    }
  }

  /** Along the current node's connections, then to the next node by traffic; false past the last, where Tab leaves the map. */
  tab(back: boolean): boolean {
    const { current } = this.map
    if (current === null) {
      const first = this.#first()
      if (back || !first) {
        return false
      }
      this.#go(first)
      return true
    }
    const stops = this.#stops()
    const at = stops.findIndex(stop => stop.type === current.type && stop.id === current.id && (stop.type === 'node' || stop.of === this.#of))
    const next = stops[at + (back ? -1 : 1)]
    if (!next) {
      this.set(null)
      return false
    }
    this.#of = next.of
    this.set({ type: next.type, id: next.id })
    this.map.follow(next.of)
    return true
  }

  set(item: Item | null): void {
    this.map.current = item
    if (item?.type === 'node') {
      this.#of = item.id
    }
    this.map.repaint()
    this.changed(item)
  }

  #of = ''

  #go(node: SceneNode | null): void {
    if (node) {
      this.set({ type: 'node', id: node.node.id })
      this.map.follow(node.node.id)
    }
  }

  #node(): SceneNode | null {
    const { current, scene } = this.map
    const id = current?.type === 'edge' ? this.#of : current?.id
    return (id !== undefined && scene.nodes.get(id)) || null
  }

  #first(): SceneNode | null {
    return this.#ranked()[0] ?? null
  }

  #ranked(): SceneNode[] {
    return [...this.map.scene.nodes.values()].sort((a, b) => b.node.bytesIn + b.node.bytesOut - a.node.bytesIn - a.node.bytesOut || (a.node.id < b.node.id ? -1 : 1))
  }

  /** Each node followed by the connections it dials: so every connection is met once. */
  #stops(): { type: 'node' | 'edge'; id: string; of: string }[] {
    const edges = [...this.map.scene.edges.values()]
    return this.#ranked().flatMap(({ node }) => [
      { type: 'node' as const, id: node.id, of: node.id },
      ...edges.filter(({ edge }) => edge.from === node.id).map(({ edge }) => ({ type: 'edge' as const, id: edge.id, of: node.id })),
    ])
  }
}
