import type { View } from '../state/view'
import { h } from './dom'
import { chips } from './filters'

/** What narrows the view, under the bar. */
export class ChipRow {
  readonly element = h('div', { class: 'chips', role: 'region', 'aria-label': 'What narrows the view' })
  #said = ''

  constructor(private readonly nameOf: (id: string) => string, private readonly go: (change: Partial<View>) => void) {}

  /** Made anew only when they say something else: one of them may have the keyboard. */
  show(view: View): void {
    const made = chips(view, this.nameOf, this.go)
    const said = `${view.hops} ${made.map(chip => chip.textContent).join('\n')}`
    if (said !== this.#said) {
      this.#said = said
      this.element.replaceChildren(...made)
    }
  }
}
