import type { Camera } from '../state/view'
import type { Palette } from './palette'
import type { Item, Scene } from './scene'

/** How a scene is looked at. */
export interface Look {
  camera: Camera
  width: number
  height: number
  ratio: number
  palette: Palette
  hover: Item | null
  selected: Item | null
  /** Where the keyboard is. */
  current: Item | null
  appeared: ReadonlySet<string>
  /** Under the hand: what is too faint to be followed waits until it rests. */
  moving: boolean
}

/** What is in question and what it touches, by id; null: nothing is, and all is drawn alike. */
export type Near = ReadonlySet<string> | null

export const Font = "'Inter Variable', system-ui, sans-serif"

export function is(item: Item | null, type: Item['type'], id: string): boolean {
  return item !== null && item.type === type && item.id === id
}

/** What is in question and what it touches; the rest steps back. */
export function neighbourhood(scene: Scene, item: Item | null): Near {
  if (item === null || item.type === 'fold' || item.type === 'group') {
    return null
  }
  const near = new Set<string>()
  for (const { edge } of scene.edges.values()) {
    if (edge.id === item.id || (item.type === 'node' && (edge.from === item.id || edge.to === item.id))) {
      near.add(edge.id).add(edge.from).add(edge.to)
    }
  }
  if (item.type === 'node' && scene.nodes.has(item.id)) {
    near.add(item.id)
  }
  return near.size > 0 ? near : null
}
