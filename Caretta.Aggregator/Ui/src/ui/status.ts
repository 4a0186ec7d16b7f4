import type { Trouble } from '../api/stream'
import type { MapAnswer } from '../api/types'
import { clock, plural, rate } from '../format'
import { h, text } from './dom'

/** The line under everything: how much there is, and of when that is. */
export class StatusLine {
  readonly #pulse = h('span', { class: 'pulse', 'aria-hidden': 'true' })
  readonly #text = h('span', { class: 'status-text' })
  readonly element = h('footer', { class: 'status' }, this.#pulse, this.#text)

  /** @param asking Something was asked that is not answered yet. */
  show(map: MapAnswer | null, trouble: Trouble | null, asking: boolean): void {
    this.#pulse.dataset['state'] = trouble ? 'bad' : asking ? 'busy' : map ? (map.complete ? 'good' : 'warn') : 'idle'
    text(this.#text, map ? summary(map, trouble ? 'as of' : asking ? 'asking, as of' : 'live,') : trouble ? 'no answer' : 'asking the aggregator…')
  }
}

function summary({ at, level, totals }: MapAnswer, fresh: string): string {
  const named = level === 'workloads' ? '' : ` in ${plural(totals.namespaces, 'namespace')}`
  return `${plural(totals.workloads, 'workload')}${named} · ${plural(totals.edges, 'connection')} · ${rate(totals.rate)} · ${fresh} ${clock(at)}`
}
