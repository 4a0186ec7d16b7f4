import type { MapAnswer } from '../api/types'
import { plural } from '../format'
import type { View } from '../state/view'
import { h } from './dom'

/** Over a view of more nodes than anybody could read: what is shown of them, and how to see the others. */
export class TooMany {
  readonly element = h('div', { class: 'too-many', hidden: true })
  #shown = ''

  constructor(private readonly go: (change: Partial<View>) => void) {}

  show(map: MapAnswer, mode: View['mode']): void {
    this.element.hidden = !map.tooMany
    if (map.tooMany && this.#shown !== mode) {
      this.#shown = mode
      const drawn = mode === 'map'
      this.element.replaceChildren(
        h('span', {}, drawn ? `The ${map.nodes.length} busiest; ${plural(map.left.nodes, 'more', 'more')} would not be readable.` : `${plural(map.nodes.length + map.left.nodes, 'node')} are too many for a map: narrow it by namespace, or search.`),
        h('button', { type: 'button', class: 'plain', onclick: () => this.go({ mode: drawn ? 'table' : 'map', chosen: true }) }, drawn ? 'As a table' : 'Draw the busiest'))
    }
  }
}
