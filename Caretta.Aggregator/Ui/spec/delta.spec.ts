import { describe, expect, it } from 'vitest'
import { applyDelta } from '../src/api/delta'
import type { MapDelta } from '../src/api/types'
import { answer, edge, node } from './cluster'

const nothing: MapDelta = {
  at: '2026-01-01T00:00:05Z', complete: true, members: { asked: 1, answered: 1, missing: [] }, totals: { namespaces: 1, workloads: 2, links: 2, edges: 1, rate: 7 },
  left: { nodes: 0, edges: 0, rate: 0 }, nodes: [], edges: [], goneNodes: [], goneEdges: [],
}
const held = answer([node('a', 'x'), node('b', 'x')], [edge('a', 'b', { rate: 5 })])

describe('A delta', () => {
  it('of nothing changes the time and the totals only', () => {
    const now = applyDelta(held, nothing)
    expect(now.at).toBe(nothing.at)
    expect(now.totals.rate).toBe(7)
    expect(now.nodes).toBe(held.nodes)
    expect(now.edges).toBe(held.edges)
  })

  it('replaces what changed in its place and appends what is new', () => {
    const now = applyDelta(held, { ...nothing, nodes: [node('c', 'x'), node('a', 'x', { rateOut: 9 })] })
    expect(now.nodes.map(({ id, rateOut }) => [id, rateOut])).toEqual([['a', 9], ['b', 0], ['c', 0]])
  })

  it('takes away what is gone', () => {
    const now = applyDelta(held, { ...nothing, goneNodes: ['b', 'never there'], goneEdges: ['a>b'] })
    expect(now.nodes.map(({ id }) => id)).toEqual(['a'])
    expect(now.edges).toEqual([])
  })

  it('leaves the answer that it is applied to as it was', () => {
    applyDelta(held, { ...nothing, goneNodes: ['a'], edges: [edge('a', 'b', { rate: 6 })] })
    expect(held.nodes.length).toBe(2)
    expect(held.edges[0]!.rate).toBe(5)
  })

  it('tells which members did not answer', () => {
    const now = applyDelta(held, { ...nothing, complete: false, members: { asked: 3, answered: 2, missing: ['10.0.0.3:7119'] } })
    expect(now.complete).toBe(false)
    expect(now.members.missing).toEqual(['10.0.0.3:7119'])
  })
})
