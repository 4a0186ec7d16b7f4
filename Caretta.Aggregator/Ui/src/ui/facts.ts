import { h, text } from './dom'

/** A grid of labelled numbers whose texts are exchanged in place, so that a screen reader or a selection is not thrown off by an update. */
export class Facts {
  readonly element = h('dl', { class: 'facts' })
  readonly #cells = new Map<string, HTMLElement>()

  set(facts: [label: string, value: string, tone?: string][]): void {
    const labels = new Set(facts.map(([label]) => label))
    for (const [label, cell] of this.#cells) {
      if (!labels.has(label)) {
        cell.parentElement!.remove()
        this.#cells.delete(label)
      }
    }
    for (const [label, value, tone] of facts) {
      let cell = this.#cells.get(label)
      if (!cell) {
        cell = h('dd')
        this.#cells.set(label, cell)
        this.element.append(h('div', {}, h('dt', {}, label), cell))
      }
      text(cell, value)
      cell.className = tone ?? ''
    }
  }
}
