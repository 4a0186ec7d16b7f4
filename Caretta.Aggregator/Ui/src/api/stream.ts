import { applyDelta } from './delta'
import type { MapAnswer, MapDelta, Problem } from './types'

export type Trouble = { kind: 'lost' } | { kind: 'refused'; status: number; problem: Problem }

export interface Listener {
  map(map: MapAnswer, whole: boolean): void
  trouble(trouble: Trouble): void
}

const RetryFrom = 1_000
const RetryTo = 15_000
/** A connection that says nothing for so long may be dead without knowing. */
const Silence = 60_000

/**
 * The live answer to one query. While the page is hidden no connection is open; what it missed comes whole when it is seen again.
 */
export class Live {
  #source: EventSource | null = null
  #map: MapAnswer | null = null
  #query = ''
  #retry = RetryFrom
  #timer = 0
  #silence = 0

  constructor(private readonly listener: Listener) {
    document.addEventListener('visibilitychange', () => (document.hidden ? this.#close() : this.#open()))
  }

  ask(query: string): void {
    this.#query = query
    this.#map = null
    this.#retry = RetryFrom
    this.#open()
  }

  again(): void {
    this.#open()
  }

  #open(): void {
    this.#close()
    if (document.hidden) {
      return
    }
    const source = new EventSource(`api/v1/stream${this.#query}`)
    this.#source = source
    source.addEventListener('map', event => {
      this.#map = JSON.parse(event.data as string) as MapAnswer
      this.#retry = RetryFrom
      this.#heard()
      this.listener.map(this.#map, true)
    })
    source.addEventListener('delta', event => {
      // A delta to an answer that never came means nothing.
      if (this.#map) {
        this.#heard()
        this.#map = applyDelta(this.#map, JSON.parse(event.data as string) as MapDelta)
        this.listener.map(this.#map, false)
      }
    })
    source.onerror = () => this.#failed()
  }

  /** EventSource does not tell why it failed: the same question asked plainly does. It also retries without end and without growing pauses. */
  #failed(): void {
    this.#close()
    const query = this.#query
    this.#timer = window.setTimeout(() => this.#open(), this.#retry)
    this.#retry = Math.min(this.#retry * 2, RetryTo)
    void fetch(`api/v1/map${query}`, { headers: { accept: 'application/json' } })
      .then(async answer => {
        if (query !== this.#query) {
          return
        }
        if (answer.ok) {
          this.listener.trouble({ kind: 'lost' })
          return
        }
        const problem = (await answer.json().catch(() => ({}))) as Problem
        this.listener.trouble({ kind: 'refused', status: answer.status, problem })
      })
      .catch(() => this.listener.trouble({ kind: 'lost' }))
  }

  #heard(): void {
    window.clearTimeout(this.#silence)
    this.#silence = window.setTimeout(() => this.#open(), Silence)
  }

  #close(): void {
    window.clearTimeout(this.#timer)
    window.clearTimeout(this.#silence)
    this.#source?.close()
    this.#source = null
  }
}
