import { h, text } from './dom'

export interface Column<T> {
  label: string
  /** Shown; also what is sorted by, unless there is a number to sort by. */
  value(item: T): string
  number?(item: T): number
  tone?(item: T): string
}

/** A sorted table that is brought up to date row by row: rows do not change places under a pointer or the keyboard. */
export class Grid<T extends { id: string }> {
  readonly element: HTMLElement
  readonly #body = h('tbody')
  readonly #heads: HTMLTableCellElement[]
  readonly #rows = new Map<string, HTMLTableRowElement>()
  #items: T[] = []

  constructor(private readonly columns: Column<T>[], caption: string, private sort: number, private down: boolean, private readonly pick: (item: T) => void) {
    this.#heads = columns.map((column, index) =>
      h('th', { scope: 'col', class: column.number ? 'number' : '' }, h('button', { type: 'button', onclick: () => this.#sortBy(index) }, column.label)))
    this.element = h('table', { class: 'grid' }, h('caption', { class: 'sr-only' }, caption), h('thead', {}, h('tr', {}, ...this.#heads)), this.#body)
  }

  show(items: T[], selected: string): void {
    this.#items = items
    const ids = new Set(items.map(item => item.id))
    for (const [id, row] of this.#rows) {
      if (!ids.has(id)) {
        row.remove()
        this.#rows.delete(id)
      }
    }
    for (const item of items) {
      const row = this.#rows.get(item.id) ?? this.#make(item)
      row.setAttribute('aria-selected', String(item.id === selected))
      this.columns.forEach((column, index) => {
        const cell = row.cells[index]!
        text(index === 0 ? cell.firstElementChild! : cell, column.value(item))
        cell.className = `${column.number ? 'number ' : ''}${column.tone?.(item) ?? ''}`.trim()
      })
    }
    const busy = this.#body.matches(':hover') || this.#body.contains(document.activeElement)
    if (!busy || this.#body.childElementCount !== items.length) {
      this.#order()
    }
  }

  #make(item: T): HTMLTableRowElement {
    const first = h('button', { type: 'button' })
    const row = h('tr', {}, h('th', { scope: 'row' }, first), ...this.columns.slice(1).map(() => h('td')))
    row.addEventListener('click', () => this.pick(this.#items.find(each => each.id === item.id) ?? item))
    this.#rows.set(item.id, row)
    return row
  }

  #sortBy(index: number): void {
    this.down = index === this.sort ? !this.down : Boolean(this.columns[index]!.number)
    this.sort = index
    this.#order()
  }

  #order(): void {
    const column = this.columns[this.sort]!
    const way = this.down ? -1 : 1
    const compare = column.number
      ? (a: T, b: T) => (column.number!(a) - column.number!(b)) * way
      : (a: T, b: T) => column.value(a).localeCompare(column.value(b)) * way
    const sorted = [...this.#items].sort((a, b) => compare(a, b) || (a.id < b.id ? -1 : 1))
    const focused = document.activeElement as HTMLElement | null
    this.#body.replaceChildren(...sorted.map(item => this.#rows.get(item.id)!))
    if (focused && this.#body.contains(focused)) {
      focused.focus()
    }
    this.#heads.forEach((head, index) => {
      if (index === this.sort) {
        head.setAttribute('aria-sort', this.down ? 'descending' : 'ascending')
      } else {
        head.removeAttribute('aria-sort')
      }
    })
  }
}
