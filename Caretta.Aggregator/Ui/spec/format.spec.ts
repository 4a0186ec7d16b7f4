import { describe, expect, it } from 'vitest'
import { age, bytes, count, milliseconds, percent, perSecond, plural, ports, rate, span } from '../src/format'

describe('Numbers', () => {
  it.each([[0, '0 B'], [999, '999 B'], [1000, '1 kB'], [1234, '1.2 kB'], [9949, '9.9 kB'], [12_345, '12 kB'], [999_499, '999 kB'], [999_700, '1 MB'], [5.25e9, '5.3 GB'], [3e15, '3 PB'], [2e21, '2000 EB']])(
    'of bytes: %d is %s', (value, said) => expect(bytes(value)).toBe(said))

  it.each([[0, '0 B/s'], [0.4, '<1 B/s'], [1, '1 B/s'], [1_500_000, '1.5 MB/s']])('of bytes a second: %d is %s', (value, said) => expect(rate(value)).toBe(said))

  it.each([[0, '0/s'], [3.21, '3.2/s'], [40, '40/s'], [0.5, '30/min'], [0.01, '<1/min']])('of events a second: %d is %s', (value, said) => expect(perSecond(value)).toBe(said))

  it.each([[0, '0'], [999, '999'], [4_321, '4\u202f321'], [53_000, '53\u202fk'], [2_500_000, '2.5\u202fM']])('of things: %d is %s', (value, said) => expect(count(value)).toBe(said))

  it.each([[0, '0 %'], [0.004, '<1 %'], [0.256, '26 %'], [1, '100 %']])('of shares: %d is %s', (value, said) => expect(percent(value)).toBe(said))

  it.each([[0.25, '250 µs'], [1.25, '1.3 ms'], [2500, '2.5 s']])('of milliseconds: %d is %s', (value, said) => expect(milliseconds(value)).toBe(said))

  it.each([[0, 'just now'], [-500, 'just now'], [12_000, '12 s ago'], [300_000, '5 min ago'], [3 * 3600e3, '3 h ago']])('of age: %d is %s', (value, said) => expect(age(value)).toBe(said))

  it('of long spans are days', () => expect(span(12 * 86400)).toBe('12 d'))
})

describe('Words', () => {
  it('go with their number', () => {
    expect(plural(1, 'workload')).toBe('1 workload')
    expect(plural(2, 'workload')).toBe('2 workloads')
    expect(plural(3, 'more', 'more')).toBe('3 more')
  })

  it('name three ports and count the rest', () => {
    expect(ports([80])).toBe('80')
    expect(ports([80, 443, 8080, 9090, 9091])).toBe('80, 443, 8080 +2')
  })
})
