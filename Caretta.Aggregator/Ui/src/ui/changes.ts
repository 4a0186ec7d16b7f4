import { get } from '../api/client'
import type { Change, Changes } from '../api/types'
import { bytes, ports, rate, since } from '../format'
import { formatQuery, type View } from '../state/view'
import { button, h } from './dom'
import { fullName } from './names'

const Spans = [5, 15, 60, 360, 1440]
const Every = 10_000

/** What appeared and what fell silent lately. */
export class ChangeList {
  readonly element = h('aside', { class: 'panel changes', 'aria-label': 'What changed', hidden: true, tabindex: '-1' })
  readonly #body = h('div', { class: 'change-body' })
  #query = ''
  #askedAt = 0
  #asked: AbortController | null = null

  constructor(private readonly go: (change: Partial<View>) => void, private readonly select: (id: string, from: string) => void, private readonly mark: (appeared: Set<string>) => void) {}

  show(view: View): void {
    if (view.changes === 0 || view.select !== '') {
      this.element.hidden = true
      if (view.changes === 0) {
        this.mark(new Set())
      }
      this.#askedAt = 0
      return
    }
    if (this.element.hidden) {
      this.element.hidden = false
      const choice = h('select', { 'aria-label': 'Since when', onchange: (event: Event) => this.go({ changes: Number((event.target as HTMLSelectElement).value) }) },
        ...[...new Set([...Spans, view.changes])].sort((a, b) => a - b).map(value => h('option', { value, selected: value === view.changes }, value < 60 ? `last ${value} min` : `last ${value / 60} h`)))
      this.element.replaceChildren(h('header', {}, h('div', { class: 'title' }, h('div', {}, h('h2', {}, 'What changed'), choice), button('close', 'Close (Esc)', () => this.go({ changes: 0 })))), this.#body)
    }
    this.#ask(view)
  }

  #ask(view: View): void {
    const query = formatQuery({ ...view, focus: '', expand: [] }, { minutes: String(view.changes) })
    if (query === this.#query && Date.now() - this.#askedAt < Every) {
      return
    }
    this.#query = query
    this.#askedAt = Date.now()
    this.#asked?.abort()
    this.#asked = new AbortController()
    void get<Changes>(`changes${query}`, this.#asked.signal).then(changes => this.#told(changes)).catch((cause: Error) => {
      if (cause.name !== 'AbortError') {
        this.#body.replaceChildren(h('p', { class: 'note' }, cause.message))
      }
    })
  }

  #told({ appeared, vanished, appearedTotal, vanishedTotal }: Changes): void {
    this.mark(new Set(appeared.map(({ edge }) => edge.id)))
    if (this.#body.contains(document.activeElement) || this.#body.matches(':hover')) {
      return
    }
    const section = (title: string, edges: Change[], total: number, none: string, fresh: boolean) => [
      h('h3', {}, `${title} `, h('span', { class: 'muted' }, String(total))),
      edges.length === 0 ? h('p', { class: 'note' }, none) : h('ul', { class: 'change-list' }, ...edges.slice(0, 100).map(edge => this.#item(edge, fresh))),
    ]
    this.#body.replaceChildren(...section('Appeared', appeared, appearedTotal, 'Nothing new.', true), ...section('Fell silent', vanished, vanishedTotal, 'Nothing stopped.', false))
  }

  #item({ edge, client, server }: Change, fresh: boolean): HTMLElement {
    const when = since(fresh ? edge.firstSeen : edge.lastSeen)
    return h('li', {}, h('button', { type: 'button', class: fresh ? 'fresh' : 'silent', onclick: () => this.select(edge.id, edge.from) },
      h('span', { class: 'who' }, `${fullName(client)} → ${fullName(server)}`),
      h('small', {}, `:${ports(edge.ports)} · ${fresh ? rate(edge.rate) : bytes(edge.bytesToServer + edge.bytesToClient)} · ${when}`)))
  }
}
