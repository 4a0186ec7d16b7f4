import { describe, expect, it } from 'vitest'
import { filterCount, formatQuery, formatView, NoView, parseView, type View } from '../src/state/view'

describe('The address', () => {
  const everything: View = {
    mode: 'matrix', chosen: true, expand: ['data', 'shop'], focus: 'w1a', hops: 2, namespace: ['shop'], kind: ['Deployment'], name: 'ca*t', port: ['443', '8000-8100'],
    external: 'no', minRate: 1000, hide: ['w2'], isolate: ['n:shop'], select: 'e7', changes: 15, camera: { x: -120, y: 44, zoom: 0.75 },
  }

  it('of the whole cluster is the plain one', () => {
    expect(formatView(NoView)).toBe('')
    expect(parseView('')).toEqual(NoView)
  })

  it('says all of the view, and gives it back', () => {
    expect(parseView(formatView(everything))).toEqual(everything)
  })

  it('is fit to be read by people', () => {
    expect(formatView({ ...NoView, namespace: ['shop', 'data'], isolate: ['n:shop'] })).toBe('?namespace=shop,data&isolate=n:shop')
  })

  it('survives what anybody may have typed', () => {
    const view = parseView('?hops=99&minRate=-5&external=maybe&view=poster&at=1,zero,3&changes=x&namespace=,,%20a%20,a&focus')
    expect(view).toEqual({ ...NoView, hops: 3, namespace: ['a'] })
  })

  it('takes lists repeated as well as with commas', () => {
    expect(parseView('?port=1&port=2,3').port).toEqual(['1', '2', '3'])
  })

  it('does not ask the API for what only the page knows', () => {
    const asked = new URLSearchParams(formatQuery(everything, { format: 'csv' }))
    expect([...asked.keys()].sort()).toEqual(['expand', 'external', 'focus', 'format', 'hide', 'hops', 'isolate', 'kind', 'minRate', 'name', 'namespace', 'port'])
  })

  it('counts the filters that are set', () => {
    expect(filterCount(NoView)).toBe(0)
    expect(filterCount({ ...NoView, namespace: ['a', 'b'], minRate: 1, external: 'only' })).toBe(3)
  })
})
