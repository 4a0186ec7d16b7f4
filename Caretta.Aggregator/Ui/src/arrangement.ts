import type { MapAnswer, MapNode } from './api/types'
import { ScreenRatio } from './layout/groups'
import type { Layout } from './layout/layout'
import { PlaceStore } from './layout/store'
import type { Task, Thought } from './layout/task'
import type { View } from './state/view'

/** A map with its places. */
export interface Arranged {
  map: MapAnswer
  layout: Layout
  /** Something came or went since the last one. */
  changed: boolean
  /** The last one was of something else: another focus, or none. */
  another: boolean
  /** The namespace that was opened or closed for it. */
  pivot: string | null
}

/**
 * Keeps places from answer to answer. A focus is a picture of its own: its few workloads would be strewn over the whole cluster's map. One picture is
 * thought out at a time; of the maps that come meanwhile the newest is next.
 */
export class Arrangement {
  readonly #store = new PlaceStore(storage())
  #wanted: { map: MapAnswer; view: View } | null = null
  #thinking = false
  #signature = ''
  #layout: Layout | null = null
  #scope = ''
  #shownScope = ''
  /** Others make room for it. */
  #pivot: string | null = null
  #forgotten = false
  /** How many nodes the places of this scope were thought out for; 0 where they are an earlier visit's. */
  #thoughtFor = 0

  /**
   * @param think Whoever does it.
   * @param ready Told of each map, at once where nothing came and nothing went; of one that is followed by another before its places are found, not at all.
   * @param screen Width over height.
   */
  constructor(private readonly think: (task: Task) => Promise<Thought>, private readonly ready: (arranged: Arranged) => void, private readonly screen = () => ScreenRatio) {}

  arrange(map: MapAnswer, view: View): void {
    this.#wanted = { map, view }
    if (!this.#thinking) {
      this.#next()
    }
  }

  /** The namespace that is opened or closed next. */
  makeRoomFor(namespace: string): void {
    this.#pivot = namespace
  }

  /** What is shown next is laid out anew. */
  forget(view: View): void {
    this.#store.forget(scopeOf(view))
    this.#signature = ''
    this.#thoughtFor = 0
    this.#forgotten = true
  }

  #next(): void {
    const { map, view } = this.#wanted!
    const nodes = placed(map)
    const scope = scopeOf(view)
    const signature = signatureOf(scope, nodes)
    if (signature === this.#signature && this.#layout) {
      this.ready({ map, layout: this.#layout, changed: false, another: false, pivot: null })
      return
    }
    if (scope !== this.#scope) {
      const { groups } = this.#store.of(scope)
      this.#thoughtFor = groups.size > 0 ? 0 : Math.max(1, nodes.length)
    } else if (this.#grewUp(map, view)) {
      this.#store.forget(scope)
      this.#thoughtFor = nodes.length
    }
    this.#scope = scope
    this.#forgotten = false
    this.#thinking = true
    const pivot = this.#pivot
    void this.think({ nodes, edges: map.edges, places: this.#store.of(scope), pivot, screen: this.screen() }).then(thought => {
      this.#thinking = false
      if (!this.#forgotten) {
        this.#take(thought, scope, signature)
        const wanted = this.#wanted!
        if (signature === signatureOf(scopeOf(wanted.view), placed(wanted.map))) {
          this.#show(wanted.map, thought.layout, pivot)
          return
        }
      }
      this.#next()
    })
  }

  #take({ layout, places }: Thought, scope: string, signature: string): void {
    this.#store.put(scope, places)
    this.#store.save()
    this.#layout = layout
    this.#signature = signature
  }

  #show(map: MapAnswer, layout: Layout, pivot: string | null): void {
    const another = this.#scope !== this.#shownScope
    this.#shownScope = this.#scope
    if (pivot === this.#pivot) {
      this.#pivot = null
    }
    this.ready({ map, layout, changed: true, another, pivot })
  }

  /** A map that was first seen nearly empty and that nobody has touched is thought out anew while it fills. */
  #grewUp(map: MapAnswer, view: View): boolean {
    return this.#thoughtFor > 0 && map.nodes.length > this.#thoughtFor * 1.5 && this.#thoughtFor < 40 && view.camera === null && view.expand.length === 0 && view.select === ''
  }
}

function scopeOf(view: View): string {
  return view.focus ? `${view.focus} ${view.hops}` : 'map'
}

/** The rest stands for nodes that are not drawn; where there are none it only carries their edges. */
function placed(map: MapAnswer): MapNode[] {
  return map.nodes.filter(node => node.type !== 'rest' || node.workloads > 0)
}

function signatureOf(scope: string, nodes: MapNode[]): string {
  return `${scope}\n${nodes.map(node => node.id).sort().join('\n')}`
}

function storage(): Storage | null {
  try {
    return window.localStorage
  } catch {
    return null
  }
}
