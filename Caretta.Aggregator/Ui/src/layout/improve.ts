import { cellPoint, type Cell, type Point } from './cells'
import { pull, type Pair } from './pull'

/** An end elsewhere pulls less than one in the same group. */
const Elsewhere = 0.4

/**
 * Exchanges places of two nodes while that shortens their edges. Everything is by number here, names only at the edges: of a hundred nodes each pass
 * weighs five thousand exchanges.
 *
 * @param elsewhere Where a node of no such name stands; null: nowhere.
 */
export function improve(order: string[], places: Map<string, Cell>, pairs: Pair[], elsewhere: (id: string) => Point | null): void {
  const ties = new Ties(order, places, pairs, elsewhere)
  const cells = order.map(id => places.get(id)!)
  const passes = order.length > 120 ? 3 : 8
  for (let pass = 0; pass < passes; pass++) {
    let better = false
    for (let a = 0; a < order.length; a++) {
      for (let b = a + 1; b < order.length; b++) {
        if (ties.gain(a, b) > 0.01) {
          ties.exchange(a, b)
          const cell = cells[a]!
          cells[a] = cells[b]!
          cells[b] = cell
          better = true
        }
      }
    }
    if (!better) {
      break
    }
  }
  order.forEach((id, index) => places.set(id, cells[index]!))
}

/** Where each node stands, and what it is tied to. */
class Ties {
  readonly #x: Float64Array
  readonly #y: Float64Array
  /** Of node n: from #begin[n] up to #begin[n + 1]. */
  readonly #begin: Int32Array
  /** The other end's number; -1: elsewhere. */
  readonly #other: Int32Array
  readonly #farX: Float64Array
  readonly #farY: Float64Array
  readonly #outgoing: Uint8Array

  constructor(order: string[], places: Map<string, Cell>, pairs: Pair[], elsewhere: (id: string) => Point | null) {
    const points = order.map(id => cellPoint(places.get(id)!))
    this.#x = Float64Array.from(points, point => point.x)
    this.#y = Float64Array.from(points, point => point.y)
    const ties = tiesOf(order, pairs, elsewhere)
    this.#begin = new Int32Array(order.length + 1)
    ties.forEach((own, index) => (this.#begin[index + 1] = this.#begin[index]! + own.length))
    const all = ties.flat()
    this.#other = Int32Array.from(all, tie => tie.other)
    this.#farX = Float64Array.from(all, tie => tie.far.x)
    this.#farY = Float64Array.from(all, tie => tie.far.y)
    this.#outgoing = Uint8Array.from(all, tie => Number(tie.outgoing))
  }

  /** What the edges of both are shorter by if they change places. */
  gain(a: number, b: number): number {
    return this.#cost(a, a, b, b) + this.#cost(b, b, a, a) - this.#cost(a, b, b, a) - this.#cost(b, a, a, b)
  }

  exchange(a: number, b: number): void {
    swap(this.#x, a, b)
    swap(this.#y, a, b)
  }

  /** Of a node's edges if it stood at that one's place, and another one at its own. */
  #cost(node: number, at: number, other: number, otherAt: number): number {
    const x = this.#x[at]!
    const y = this.#y[at]!
    let sum = 0
    for (let tie = this.#begin[node]!; tie < this.#begin[node + 1]!; tie++) {
      const end = this.#other[tie]!
      const outgoing = this.#outgoing[tie] === 1
      if (end < 0) {
        sum += Elsewhere * pull(x, y, this.#farX[tie]!, this.#farY[tie]!, outgoing)
      } else {
        const stands = end === other ? otherAt : end
        sum += pull(x, y, this.#x[stands]!, this.#y[stands]!, outgoing)
      }
    }
    return sum
  }
}

interface Tie {
  other: number
  far: Point
  outgoing: boolean
}

const Nowhere: Point = { x: 0, y: 0 }

function tiesOf(order: string[], pairs: Pair[], elsewhere: (id: string) => Point | null): Tie[][] {
  const numbers = new Map(order.map((id, index) => [id, index]))
  const ties: Tie[][] = order.map(() => [])
  const known = new Map<string, Point | null>()
  const tie = (own: string, otherId: string, outgoing: boolean) => {
    const number = numbers.get(own)
    if (number === undefined) {
      return
    }
    const other = numbers.get(otherId)
    if (other !== undefined) {
      ties[number]!.push({ other, far: Nowhere, outgoing })
      return
    }
    if (!known.has(otherId)) {
      known.set(otherId, elsewhere(otherId))
    }
    const far = known.get(otherId)
    if (far) {
      ties[number]!.push({ other: -1, far, outgoing })
    }
  }
  for (const { from, to } of pairs) {
    if (from !== to) {
      tie(from, to, true)
      tie(to, from, false)
    }
  }
  return ties
}

function swap(numbers: Float64Array, a: number, b: number): void {
  const held = numbers[a]!
  numbers[a] = numbers[b]!
  numbers[b] = held
}
