import type { MapEdge, MapNode } from '../api/types'
import { layout, type Layout, type Places } from './layout'

/** A picture to be thought out. */
export interface Task {
  nodes: Pick<MapNode, 'id' | 'type' | 'namespace' | 'external'>[]
  edges: Pick<MapEdge, 'from' | 'to'>[]
  places: Places
  pivot: string | null
  /** Width over height. */
  screen: number
}

/** The picture, and the places to be remembered with it. */
export interface Thought {
  layout: Layout
  places: Places
}

export function think({ nodes, edges, places, pivot, screen }: Task): Thought {
  return { layout: layout(nodes, edges, places, pivot, screen), places }
}
