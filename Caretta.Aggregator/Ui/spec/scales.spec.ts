import { describe, expect, it } from 'vitest'
import { edgeAlpha, edgeWidth, failedShare, health, nodeRadius, weight } from '../src/draw/scales'
import { hueOf } from '../src/draw/palette'
import { curveBetween, distanceTo, pointOn } from '../src/draw/curve'

const tried = { rate: 10, openedRate: 0, failedRate: 0, active: 0 }

describe('Scales', () => {
  it('grow with the rate, tenfold by tenfold, and end', () => {
    const rates = [0, 1, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9]
    for (const scale of [weight, nodeRadius, edgeWidth, edgeAlpha]) {
      const values = rates.map(scale)
      expect([...values].sort((a, b) => a - b)).toEqual(values)
      expect(scale(1e12)).toBe(scale(1e10))
    }
    expect(weight(1e6) - weight(1e5)).toBeCloseTo(weight(1e5) - weight(1e4), 2)
  })

  it('take a negative rate or none for idle', () => {
    expect(weight(0)).toBe(0)
    expect(weight(-1)).toBe(0)
    expect(weight(Number.NaN)).toBe(0)
  })
})

describe('Health', () => {
  it('is by the share of attempts that fail now, not by how many ever did', () => {
    expect(failedShare({ openedRate: 3, failedRate: 1 })).toBe(0.25)
    expect(health({ ...tried, openedRate: 9.995, failedRate: 0.005 })).toBe('good')
    expect(health({ ...tried, openedRate: 9.8, failedRate: 0.2 })).toBe('warn')
    expect(health({ ...tried, openedRate: 8, failedRate: 2 })).toBe('bad')
    expect(health({ ...tried, failedRate: 0.001 })).toBe('bad')
  })

  it('of a link without traffic, attempts and connections is idle', () => {
    expect(health({ ...tried, rate: 0 })).toBe('idle')
    expect(health({ ...tried, rate: 0, active: 1 })).toBe('good')
  })
})

describe('Colours', () => {
  it('of a namespace are always the same and never those of failure', () => {
    for (const name of ['shop', 'data', 'kube-system', '', 'ü']) {
      expect(hueOf(name)).toBe(hueOf(name))
      expect(hueOf(name)).toBeGreaterThanOrEqual(140)
      expect(hueOf(name)).toBeLessThanOrEqual(320)
    }
  })
})

describe('Edges', () => {
  it('end at the rims, and there and back do not lie on each other', () => {
    const a = { x: 0, y: 0, radius: 10 }
    const b = { x: 200, y: 0, radius: 20 }
    const there = curveBetween(a, b)
    const back = curveBetween(b, a)
    expect(Math.hypot(there.x1, there.y1)).toBeCloseTo(12, 5)
    expect(Math.hypot(there.x2 - 200, there.y2)).toBeCloseTo(23, 5)
    expect(Math.sign(pointOn(there, 0.5).y)).toBe(-Math.sign(pointOn(back, 0.5).y))
  })

  it('are found by a point on them, and not by one beside', () => {
    const curve = curveBetween({ x: 0, y: 0, radius: 10 }, { x: 300, y: 80, radius: 10 })
    expect(distanceTo(curve, pointOn(curve, 0.3))).toBeLessThan(2)
    const off = pointOn(curve, 0.3)
    expect(distanceTo(curve, { x: off.x, y: off.y + 40 })).toBeGreaterThan(5)
  })
})
