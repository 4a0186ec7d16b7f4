import type { MapAnswer } from '../api/types'
import { rate } from '../format'
import { NoView, type View } from '../state/view'
import { h, icon } from './dom'

const Rates = [0, 1e3, 10e3, 100e3, 1e6, 10e6]

/** The popover with what narrows the view. */
export class Filters {
  readonly element = h('form', { class: 'popover filters', hidden: true, 'aria-label': 'Filters', onsubmit: (event: Event) => event.preventDefault() })
  readonly #spaces = h('datalist', { id: 'known-namespaces' })
  readonly #kinds = h('datalist', { id: 'known-kinds' })

  #shown = ''

  constructor(private readonly go: (change: Partial<View>) => void) {}

  /** Made anew only when the view became another one: somebody may be writing in it while the map changes. */
  show(view: View): void {
    const { namespace, kind, name: part, port, external: where, minRate } = view
    const key = JSON.stringify([namespace, kind, part, port, where, minRate])
    if (key === this.#shown) {
      return
    }
    this.#shown = key
    this.#make(view)
  }

  #make(view: View): void {
    const field = (label: string, input: HTMLElement, hint = '') => h('label', { class: 'field' }, h('span', {}, label), input, hint && h('small', {}, hint))
    const list = (key: 'namespace' | 'kind' | 'port', props: Record<string, string>) =>
      h('input', { type: 'text', value: view[key].join(', '), autocomplete: 'off', spellcheck: 'false', ...props, onchange: (event: Event) => this.go({ [key]: parts(event) }) })
    const external = h('select', { onchange: (event: Event) => this.go({ external: (event.target as HTMLSelectElement).value as View['external'] }) },
      ...([['', 'inside and outside'], ['only', 'only with the outside'], ['no', 'only inside the cluster']] as const).map(([value, label]) => h('option', { value, selected: view.external === value }, label)))
    const least = h('select', { onchange: (event: Event) => this.go({ minRate: Number((event.target as HTMLSelectElement).value) }) },
      ...[...new Set([...Rates, view.minRate])].sort((a, b) => a - b).map(value => h('option', { value, selected: view.minRate === value }, value === 0 ? 'any, idle too' : `${rate(value)} or more`)))
    const name = h('input', { type: 'text', value: view.name, placeholder: 'part of a name, or with *', autocomplete: 'off', spellcheck: 'false', onchange: (event: Event) => this.go({ name: (event.target as HTMLInputElement).value.trim() }) })
    this.element.replaceChildren(
      field('Namespace', list('namespace', { list: 'known-namespaces', placeholder: 'shop, data' })),
      field('Name', name),
      field('Kind', list('kind', { list: 'known-kinds', placeholder: 'Deployment, StatefulSet' })),
      field('Port', list('port', { inputmode: 'numeric', placeholder: '443, 8000-8100' })),
      field('Where', external),
      field('Rate now', least),
      this.#spaces, this.#kinds,
      h('div', { class: 'row' }, h('button', { type: 'button', class: 'plain', onclick: () => this.go(clear()) }, 'Clear all'), h('button', { type: 'button', class: 'plain', onclick: () => this.close() }, 'Done')),
    )
  }

  know(map: MapAnswer): void {
    const fill = (list: HTMLElement, values: string[]) => list.replaceChildren(...[...new Set(values)].sort().map(value => h('option', { value })))
    fill(this.#spaces, map.nodes.map(node => node.namespace))
    fill(this.#kinds, map.nodes.filter(node => node.type === 'workload').map(node => node.kind))
  }

  toggle(): boolean {
    this.element.hidden = !this.element.hidden
    if (!this.element.hidden) {
      this.element.querySelector('input')?.focus()
    }
    return !this.element.hidden
  }

  close(): void {
    this.element.hidden = true
  }
}

export function clear(): Partial<View> {
  const { namespace, kind, name, port, external, minRate, hide, isolate, focus, hops } = NoView
  return { namespace, kind, name, port, external, minRate, hide, isolate, focus, hops }
}

/** One chip for each thing that narrows the view, with a cross that takes it away. */
export function chips(view: View, nameById: (id: string) => string, go: (change: Partial<View>) => void): HTMLElement[] {
  const chip = (label: string, change: Partial<View>, extra: HTMLElement | null = null) =>
    h('span', { class: 'chip' }, h('span', {}, label), extra, h('button', { type: 'button', 'aria-label': `Remove: ${label}`, title: 'Remove', onclick: () => go(change) }, icon('close')))
  const made: HTMLElement[] = []
  if (view.focus) {
    const hops = h('select', { 'aria-label': 'Hops', title: 'How far around', onchange: (event: Event) => go({ hops: Number((event.target as HTMLSelectElement).value) }) },
      ...[1, 2, 3].map(value => h('option', { value, selected: value === view.hops }, value === 1 ? '1 hop' : `${value} hops`)))
    made.push(chip(`around ${nameById(view.focus)}`, { focus: '', hops: 1 }, hops))
  }
  const lists = { namespace: 'namespace', kind: 'kind', port: 'port' } as const
  for (const [key, label] of Object.entries(lists) as [keyof typeof lists, string][]) {
    if (view[key].length > 0) {
      made.push(chip(`${label} ${view[key].join(', ')}`, { [key]: [] }))
    }
  }
  if (view.name) {
    made.push(chip(`name ${view.name}`, { name: '' }))
  }
  if (view.external) {
    made.push(chip(view.external === 'only' ? 'only with the outside' : 'only inside', { external: '' }))
  }
  if (view.minRate) {
    made.push(chip(`≥ ${rate(view.minRate)}`, { minRate: 0 }))
  }
  for (const id of view.isolate) {
    made.push(chip(`only ${nameById(id)}`, { isolate: view.isolate.filter(other => other !== id) }))
  }
  for (const id of view.hide) {
    made.push(chip(`without ${nameById(id)}`, { hide: view.hide.filter(other => other !== id) }))
  }
  return made
}

function parts(event: Event): string[] {
  return [...new Set((event.target as HTMLInputElement).value.split(',').map(part => part.trim()).filter(Boolean))]
}
