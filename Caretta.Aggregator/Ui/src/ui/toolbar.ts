import { filterCount, formatQuery, type View } from '../state/view'
import { button, h, svg, text } from './dom'

export interface ToolbarEvents {
  go(change: Partial<View>): void
  home(): void
  filters(): void
  theme(): void
  help(): void
}

/** The bar over everything. */
export class Toolbar {
  readonly element: HTMLElement
  readonly filterButton: HTMLButtonElement
  readonly #modes: HTMLButtonElement[]
  readonly #badge = h('span', { class: 'badge', hidden: true })
  readonly #changes: HTMLButtonElement
  readonly #export = h('div', { class: 'popover menu', hidden: true })
  readonly #exportButton: HTMLButtonElement
  readonly #links = new Map([['csv', 'CSV, connections of this view'], ['dot', 'Graphviz DOT'], ['json', 'JSON']].map(([format, label]) =>
    [format!, h('a', { download: `caretta.${format}`, onclick: () => this.closeMenu() }, label)] as const))

  constructor(search: HTMLElement, filters: HTMLElement, events: ToolbarEvents) {
    const modes = [['map', 'Map'], ['table', 'Table'], ['matrix', 'Matrix']] as const
    this.#modes = modes.map(([mode, label]) => button(mode, label, () => events.go({ mode, chosen: true }), { class: 'tool mode', 'data-mode': mode }, h('span', {}, label)))
    this.filterButton = button('filter', 'Filters', () => events.filters(), { 'aria-expanded': 'false', 'aria-haspopup': 'true' }, h('span', { class: 'wide' }, 'Filters'), this.#badge)
    this.#changes = button('changes', 'What changed', () => events.go({ changes: this.#changes.getAttribute('aria-pressed') === 'true' ? 0 : 60, select: '' }), { 'aria-pressed': 'false' }, h('span', { class: 'wide' }, 'What changed'))
    this.#exportButton = button('export', 'Export this view', () => this.#toggle(), { 'aria-haspopup': 'true', 'aria-expanded': 'false' })
    this.element = h('header', { class: 'bar' },
      h('button', { type: 'button', class: 'brand', title: 'Whole cluster', onclick: () => events.home() }, mark(), h('h1', {}, 'Caretta')),
      search,
      h('div', { class: 'modes', role: 'group', 'aria-label': 'View' }, ...this.#modes),
      h('div', { class: 'anchor' }, this.filterButton, filters),
      this.#changes,
      h('span', { class: 'space' }),
      h('div', { class: 'anchor' }, this.#exportButton, this.#export),
      button('theme', 'Light or dark', () => events.theme()),
      h('button', { type: 'button', class: 'tool', title: 'Keys (?)', 'aria-label': 'Keys and help', onclick: () => events.help() }, h('span', { class: 'question', 'aria-hidden': 'true' }, '?')))
    this.#export.append(...this.#links.values())
    document.addEventListener('pointerdown', event => {
      if (!this.#export.parentElement!.contains(event.target as Node)) {
        this.closeMenu()
      }
    })
  }

  show(view: View): void {
    this.#modes.forEach(each => each.setAttribute('aria-pressed', String(each.dataset['mode'] === view.mode)))
    this.#changes.setAttribute('aria-pressed', String(view.changes > 0))
    const filters = filterCount(view)
    this.#badge.hidden = filters === 0
    text(this.#badge, String(filters))
    for (const [format, link] of this.#links) {
      link.href = `api/v1/map${formatQuery(view, { format })}`
    }
  }

  closeMenu(): void {
    this.#export.hidden = true
    this.#exportButton.setAttribute('aria-expanded', 'false')
  }

  #toggle(): void {
    this.#export.hidden = !this.#export.hidden
    this.#exportButton.setAttribute('aria-expanded', String(!this.#export.hidden))
    this.#export.querySelector('a')?.focus()
  }
}

function mark(): SVGSVGElement {
  return svg('svg', { viewBox: '0 0 32 32', width: 24, height: 24, 'aria-hidden': 'true' },
    svg('path', { d: 'M9 21 16 9l8 11', class: 'mark-line' }), svg('circle', { cx: 9, cy: 21, r: 4.4, class: 'mark-own' }), svg('circle', { cx: 16, cy: 9, r: 3.2 }), svg('circle', { cx: 24, cy: 20, r: 3.8 }))
}
