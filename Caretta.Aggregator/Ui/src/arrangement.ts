import type { MapAnswer } from './api/types'
import { ScreenRatio } from './layout/groups'
import { layout, type Layout } from './layout/layout'
import { PlaceStore } from './layout/store'
import type { View } from './state/view'

/**
 * Keeps places from answer to answer. A focus is a picture of its own: its few workloads would be strewn over the whole cluster's map.
 */
export class Arrangement {
  /** The namespace that was opened or closed last: others make room for it. */
  pivot: string | null = null
  /** Whether the last call placed or removed something. */
  changed = false
  scope = ''
  #store = new PlaceStore(storage())
  #signature = ''
  #layout: Layout | null = null
  /** How many nodes the places of this scope were thought out for; 0 where they are an earlier visit's. */
  #thoughtFor = 0

  /** @param screen Width over height. */
  constructor(private readonly screen = () => ScreenRatio) {}

  arrange(map: MapAnswer, view: View): Layout {
    const scope = view.focus ? `${view.focus} ${view.hops}` : 'map'
    // The rest stands for nodes that are not drawn; where there are none it only carries their edges.
    const nodes = map.nodes.filter(node => node.type !== 'rest' || node.workloads > 0)
    const signature = `${scope}\n${nodes.map(node => node.id).sort().join('\n')}`
    this.changed = signature !== this.#signature || this.#layout === null
    if (!this.changed) {
      return this.#layout!
    }
    const another = scope !== this.scope
    this.scope = scope
    this.#signature = signature
    if (another) {
      const { groups } = this.#store.of(scope)
      this.#thoughtFor = groups.size > 0 ? 0 : Math.max(1, nodes.length)
    } else if (this.#grewUp(map, view)) {
      this.#store.forget(scope)
      this.#thoughtFor = nodes.length
    }
    this.#layout = layout(nodes, map.edges, this.#store.of(scope), this.pivot, this.screen())
    this.#store.save()
    return this.#layout
  }

  forget(view: View): void {
    this.#store.forget(view.focus ? `${view.focus} ${view.hops}` : 'map')
    this.#signature = ''
    this.#thoughtFor = 0
  }

  /** A map that was first seen nearly empty and that nobody has touched is thought out anew while it fills. */
  #grewUp(map: MapAnswer, view: View): boolean {
    return this.#thoughtFor > 0 && map.nodes.length > this.#thoughtFor * 1.5 && this.#thoughtFor < 40 && view.camera === null && view.expand.length === 0 && view.select === ''
  }
}

function storage(): Storage | null {
  try {
    return window.localStorage
  } catch {
    return null
  }
}
