import { describe, expect, it } from 'vitest'
import type { MapAnswer } from '../src/api/types'
import { Arrangement, type Arranged } from '../src/arrangement'
import { think, type Task, type Thought } from '../src/layout/task'
import { NoView, type View } from '../src/state/view'
import { answer, cluster, edge, node } from './cluster'

const camera = { x: 0, y: 0, zoom: 1 }

/** As a worker does: copied there and back, and later. */
const later = (task: Task): Promise<Thought> => Promise.resolve(structuredClone(think(structuredClone(task))))

/** One that tells what it showed last. */
class Shown {
  readonly all: Arranged[] = []
  readonly arrangement = new Arrangement(later, arranged => this.all.push(arranged))

  /** Until it is shown. */
  async arrange(map: MapAnswer, view: View): Promise<Arranged> {
    const before = this.all.length
    this.arrangement.arrange(map, view)
    while (this.all.length === before) {
      await Promise.resolve()
    }
    return this.all.at(-1)!
  }
}

describe('An arrangement', () => {
  it('is thought out anew while a map that began empty fills, and is then what it would have been at once', async () => {
    const { nodes, edges } = cluster(3, 6)
    const growing = new Shown()
    await growing.arrange(answer([], []), NoView)
    for (const count of [2, 5, 11, 18]) {
      await growing.arrange(answer(nodes.slice(0, count), edges.filter(each => nodes.slice(0, count).some(({ id }) => id === each.to))), NoView)
    }
    const whole = await new Shown().arrange(answer(nodes, edges), NoView)
    expect((await growing.arrange(answer(nodes, edges), NoView)).layout.points).toEqual(whole.layout.points)
  })

  it('stays as it is once somebody has moved the map', async () => {
    const { nodes, edges } = cluster(1, 8)
    const held = new Shown()
    const before = (await held.arrange(answer(nodes.slice(0, 2), edges.slice(0, 1)), NoView)).layout.points
    const after = (await held.arrange(answer(nodes, edges), { ...NoView, camera })).layout.points
    before.forEach((point, id) => expect(after.get(id)).toEqual(point))
  })

  it('of a focus leaves the places of the whole map alone', async () => {
    const { nodes, edges } = cluster(4, 5)
    const held = new Shown()
    const before = (await held.arrange(answer(nodes, edges), NoView)).layout.points
    expect((await held.arrange(answer(nodes.slice(0, 3), edges.slice(0, 2)), { ...NoView, focus: '0-1' })).another).toBe(true)
    expect((await held.arrange(answer(nodes, edges), NoView)).layout.points).toEqual(before)
  })

  it('says when nothing changed, also where rates did', async () => {
    const { nodes, edges } = cluster(2, 3)
    const held = new Shown()
    expect((await held.arrange(answer(nodes, edges), NoView)).changed).toBe(true)
    expect((await held.arrange(answer([...nodes].reverse(), [...edges, edge('0-0', '1-2', { rate: 5 })]), NoView)).changed).toBe(false)
  })

  it('draws no rest that stands for nobody', async () => {
    const { layout } = await new Shown().arrange(answer([node('a', 'x'), node('rest', '', { type: 'rest', workloads: 0 })], [edge('rest', 'rest', { type: 'rest' })]), NoView)
    expect([...layout.points.keys()]).toEqual(['a'])
  })

  it('is thought out once for all that comes meanwhile, and shown with the newest', async () => {
    const { nodes, edges } = cluster(2, 4)
    const asked: Task[] = []
    let finish = (): void => {}
    const all: Arranged[] = []
    const slow = new Arrangement(task => new Promise(done => {
      asked.push(task)
      finish = () => done(think(structuredClone(task)))
    }), arranged => all.push(arranged))
    const told = (count: number) => answer(nodes.slice(0, count), edges.filter(each => nodes.slice(0, count).some(({ id }) => id === each.to)))
    const [first, second, third, newest] = [told(3), told(5), told(8), told(8)]
    for (const map of [first, second, third, newest]) {
      slow.arrange(map, NoView)
    }
    finish()
    await Promise.resolve()
    expect(all).toEqual([])
    finish()
    await Promise.resolve()
    expect(asked.map(task => task.nodes.length)).toEqual([3, 8])
    expect(all.map(({ map }) => map)).toEqual([newest])
  })

  it('thinks again where it was told to forget while it thought', async () => {
    const { nodes, edges } = cluster(2, 4)
    const asked: Task[] = []
    const slow = new Arrangement(task => {
      asked.push(task)
      return later(task)
    }, () => {})
    slow.arrange(answer(nodes, edges), NoView)
    slow.forget(NoView)
    await Promise.resolve()
    await Promise.resolve()
    expect(asked.length).toBe(2)
    expect(asked[1]!.places.groups.size).toBe(0)
  })
})
