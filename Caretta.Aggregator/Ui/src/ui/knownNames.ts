import { get } from '../api/client'
import type { MapAnswer, WorkloadDetail } from '../api/types'
import { nameOf } from './names'

/** Names of all that was ever on the map; of others that an address names, the aggregator is asked once. */
export class KnownNames {
  readonly #names = new Map<string, string>()

  constructor(private readonly learned: () => void) {}

  know({ nodes }: Pick<MapAnswer, 'nodes'>): void {
    nodes.forEach(node => this.#names.set(node.id, nameOf(node)))
  }

  set(id: string, name: string): void {
    this.#names.set(id, name)
  }

  of(id: string): string {
    const known = this.#names.get(id)
    if (known !== undefined) {
      return known
    }
    const isNamespace = id.startsWith('n:')
    const meanwhile = isNamespace ? id.slice(2) : '…'
    this.#names.set(id, meanwhile)
    if (!isNamespace) {
      void get<WorkloadDetail>(`workloads/${encodeURIComponent(id)}`)
        .then(({ workload }) => this.#names.set(id, workload.name), () => this.#names.set(id, id))
        .then(this.learned)
    }
    return meanwhile
  }
}
