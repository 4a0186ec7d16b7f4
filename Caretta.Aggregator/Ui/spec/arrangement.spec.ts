import { describe, expect, it } from 'vitest'
import { Arrangement } from '../src/arrangement'
import { NoView } from '../src/state/view'
import { answer, cluster, edge, node } from './cluster'

const camera = { x: 0, y: 0, zoom: 1 }

describe('An arrangement', () => {
  it('is thought out anew while a map that began empty fills, and is then what it would have been at once', () => {
    const { nodes, edges } = cluster(3, 6)
    const growing = new Arrangement()
    growing.arrange(answer([], []), NoView)
    for (const count of [2, 5, 11, 18]) {
      growing.arrange(answer(nodes.slice(0, count), edges.filter(each => nodes.slice(0, count).some(({ id }) => id === each.to))), NoView)
    }
    const whole = new Arrangement().arrange(answer(nodes, edges), NoView)
    expect(growing.arrange(answer(nodes, edges), NoView).points).toEqual(whole.points)
  })

  it('stays as it is once somebody has moved the map', () => {
    const { nodes, edges } = cluster(1, 8)
    const held = new Arrangement()
    const before = held.arrange(answer(nodes.slice(0, 2), edges.slice(0, 1)), NoView).points
    const after = held.arrange(answer(nodes, edges), { ...NoView, camera }).points
    before.forEach((point, id) => expect(after.get(id)).toEqual(point))
  })

  it('of a focus leaves the places of the whole map alone', () => {
    const { nodes, edges } = cluster(4, 5)
    const held = new Arrangement()
    const before = held.arrange(answer(nodes, edges), NoView).points
    held.arrange(answer(nodes.slice(0, 3), edges.slice(0, 2)), { ...NoView, focus: '0-1' })
    expect(held.arrange(answer(nodes, edges), NoView).points).toEqual(before)
  })

  it('says when nothing changed, also where rates did', () => {
    const { nodes, edges } = cluster(2, 3)
    const held = new Arrangement()
    held.arrange(answer(nodes, edges), NoView)
    expect(held.changed).toBe(true)
    held.arrange(answer([...nodes].reverse(), [...edges, edge('0-0', '1-2', { rate: 5 })]), NoView)
    expect(held.changed).toBe(false)
  })

  it('draws no rest that stands for nobody', () => {
    const points = new Arrangement().arrange(answer([node('a', 'x'), node('rest', '', { type: 'rest', workloads: 0 })], [edge('rest', 'rest', { type: 'rest' })]), NoView).points
    expect([...points.keys()]).toEqual(['a'])
  })
})
