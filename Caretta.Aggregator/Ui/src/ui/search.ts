import { get } from '../api/client'
import type { Page, WorkloadItem } from '../api/types'
import { rate } from '../format'
import { h, icon } from './dom'

export interface Found {
  id: string
  name: string
  namespace: string
}

const Wait = 120
const Most = 8

/** A combobox over all workloads of the cluster, drawn or not. */
export class Search {
  readonly element: HTMLElement
  readonly #input: HTMLInputElement
  readonly #list: HTMLElement
  #found: WorkloadItem[] = []
  #at = -1
  #timer = 0
  #asked: AbortController | null = null
  /** Enter came before the answer. */
  #hasty = false

  constructor(private readonly pick: (found: Found) => void) {
    this.#input = h('input', {
      type: 'text', id: 'search', placeholder: 'Search workloads', role: 'combobox', 'aria-label': 'Search workloads', 'aria-expanded': 'false', 'aria-controls': 'found',
      'aria-autocomplete': 'list', autocomplete: 'off', spellcheck: 'false', oninput: () => this.#soon(), onkeydown: (event: KeyboardEvent) => this.#key(event),
      onblur: () => window.setTimeout(() => this.#close(), 150), onfocus: () => this.#input.value && this.#soon(),
    })
    this.#list = h('div', { id: 'found', role: 'listbox', class: 'found', 'aria-label': 'Workloads found', hidden: true })
    this.element = h('div', { class: 'search', role: 'search' }, icon('search'), this.#input, h('kbd', { 'aria-hidden': 'true' }, '/'), this.#list)
  }

  focus(): void {
    this.#input.focus()
    this.#input.select()
  }

  #soon(): void {
    this.#hasty = false
    window.clearTimeout(this.#timer)
    this.#timer = window.setTimeout(() => void this.#ask(), Wait)
  }

  async #ask(): Promise<void> {
    const text = this.#input.value.trim()
    this.#asked?.abort()
    if (!text) {
      this.#close()
      return
    }
    this.#asked = new AbortController()
    try {
      const page = await get<Page<WorkloadItem>>(`workloads?q=${encodeURIComponent(text)}&limit=${Most}&sort=rate`, this.#asked.signal)
      this.#found = page.items
      this.#at = page.total > 0 ? 0 : -1
      if (this.#hasty && page.total > 0) {
        this.#choose(0)
        return
      }
      this.#show(page.total)
    } catch (cause) {
      if ((cause as Error).name !== 'AbortError') {
        this.#found = []
        this.#list.replaceChildren(h('div', { class: 'none', role: 'option', 'aria-disabled': 'true', 'aria-selected': 'false' }, 'The aggregator did not answer.'))
        this.#open()
      }
    }
  }

  #show(total: number): void {
    const items = this.#found.map((item, index) =>
      h('div', { role: 'option', id: `found-${index}`, 'aria-selected': String(index === this.#at), class: 'option', onpointerdown: (event: Event) => { event.preventDefault(); this.#choose(index) } },
        h('span', { class: 'found-name' }, item.name), h('span', { class: 'found-where' }, `${item.namespace} · ${item.kind}`), h('span', { class: 'number' }, rate(item.rateIn + item.rateOut))))
    const rest = total > items.length ? h('div', { class: 'none', role: 'option', 'aria-disabled': 'true', 'aria-selected': 'false' }, `${total - items.length} more: type on`) : null
    const none = items.length === 0 ? h('div', { class: 'none', role: 'option', 'aria-disabled': 'true', 'aria-selected': 'false' }, 'No workload is called so.') : null
    this.#list.replaceChildren(...[...items, rest, none].filter(each => each !== null))
    this.#open()
  }

  #open(): void {
    this.#list.hidden = false
    this.#input.setAttribute('aria-expanded', 'true')
    this.#mark()
  }

  #mark(): void {
    this.#list.querySelectorAll('.option').forEach((option, index) => option.setAttribute('aria-selected', String(index === this.#at)))
    if (this.#at >= 0) {
      this.#input.setAttribute('aria-activedescendant', `found-${this.#at}`)
    } else {
      this.#input.removeAttribute('aria-activedescendant')
    }
  }

  #key(event: KeyboardEvent): void {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (step !== 0 && this.#found.length > 0) {
      event.preventDefault()
      this.#at = (this.#at + step + this.#found.length) % this.#found.length
      this.#mark()
    } else if (event.key === 'Enter') {
      event.preventDefault()
      this.#hasty = Boolean(this.#list.hidden)
      this.#choose(this.#at)
    } else if (event.key === 'Escape') {
      this.#input.value = ''
      this.#close()
      this.#input.blur()
    }
  }

  #choose(index: number): void {
    const found = this.#found[index]
    if (found) {
      this.#input.value = ''
      this.#close()
      this.#input.blur()
      this.pick(found)
    }
  }

  #close(): void {
    this.#list.hidden = true
    this.#found = []
    this.#input.setAttribute('aria-expanded', 'false')
    this.#input.removeAttribute('aria-activedescendant')
  }
}
