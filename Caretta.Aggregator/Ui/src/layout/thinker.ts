import { think, type Task, type Thought } from './task'

/** Thinks out one picture at a time in a worker; where none can be had, the page's own thread does it. */
export class Thinker {
  #worker: Worker | null
  #open: { task: Task; done: (thought: Thought) => void } | null = null

  constructor() {
    // A file of this program: the policy forbids workers made of anything else.
    this.#worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
    this.#worker.onmessage = (event: MessageEvent<Thought>) => this.#finish(event.data)
    this.#worker.onerror = () => this.#without()
  }

  think(task: Task): Promise<Thought> {
    if (!this.#worker) {
      return Promise.resolve(think(task))
    }
    const { nodes, edges } = task
    const slim: Task = {
      ...task,
      nodes: nodes.map(({ id, type, namespace, external }) => ({ id, type, namespace, external })),
      edges: edges.map(({ from, to }) => ({ from, to })),
    }
    return new Promise(done => {
      this.#open = { task: slim, done }
      this.#worker!.postMessage(slim)
    })
  }

  #finish(thought: Thought): void {
    const open = this.#open
    this.#open = null
    open?.done(thought)
  }

  /** It could not be loaded, or failed. */
  #without(): void {
    this.#worker?.terminate()
    this.#worker = null
    if (this.#open) {
      this.#finish(think(this.#open.task))
    }
  }
}
