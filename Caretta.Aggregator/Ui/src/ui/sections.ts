import type { Detail, Link, MapAnswer, PortSum, Query } from '../api/types'
import { health } from '../draw/scales'
import { bytes, count, moment, ports, rate, since } from '../format'
import { copy } from './copy'
import { button, h } from './dom'
import { nameOf } from './names'

const MostConnections = 12
const MostPorts = 12

/** Whom a node talks with in this view, the busiest first. */
export function connections(id: string, map: MapAnswer, select: (edge: string) => void): HTMLElement[] {
  const names = new Map(map.nodes.map(node => [node.id, node]))
  const mine = map.edges.filter(edge => edge.from === id || edge.to === id).sort((a, b) => b.rate - a.rate)
  if (mine.length === 0) {
    return []
  }
  const most = Math.max(1, mine[0]!.rate)
  const rows = mine.slice(0, MostConnections).map(edge => {
    const out = edge.from === id
    const other = names.get(out ? edge.to : edge.from)
    const self = edge.from === edge.to
    const state = health(edge)
    const bar = h('meter', { min: 0, max: 1, value: edge.rate / most, 'aria-hidden': 'true', class: state })
    return h('li', {}, h('button', { type: 'button', onclick: () => select(edge.id) },
      h('span', { class: 'way', title: out ? 'dials' : 'is dialled by' }, out ? '→' : '←', h('span', { class: 'sr-only' }, out ? 'dials' : 'dialled by')),
      h('span', { class: 'who' }, self ? 'within itself' : other ? nameOf(other) : '?', h('small', {}, `:${ports(edge.ports)}`)), bar,
      h('span', { class: `number ${state === 'bad' || state === 'warn' ? state : ''}` }, rate(edge.rate))))
  })
  const more = mine.length > rows.length ? h('p', { class: 'note' }, `and ${mine.length - rows.length} more, in the table`) : null
  return [h('h3', {}, 'Connections'), h('ul', { class: 'connections' }, ...rows), more].filter(each => each !== null)
}

/** Both ends' own counts: where they differ, one end is not watched or lately was not. */
export function roleTable(roles: Link[] | undefined): HTMLElement | null {
  if (!roles || roles.length === 0) {
    return null
  }
  const row = (label: string, of: (link: Link) => string) => h('tr', {}, h('th', { scope: 'row' }, label), ...roles.map(link => h('td', {}, of(link))))
  return h('section', {}, h('h3', {}, 'As each end counts'),
    h('table', { class: 'small' },
      h('thead', {}, h('tr', {}, h('td'), ...roles.map(link => h('th', { scope: 'col' }, link.role === 'client' ? 'client' : 'server')))),
      h('tbody', {},
        row('sent', link => bytes(link.sentBytes)),
        row('received', link => bytes(link.receivedBytes)),
        row('opened', link => count(link.opened)),
        row('closed', link => count(link.closed)),
        row('failed', link => count(link.failed)),
        row('open', link => count(link.active)),
        row('retransmitted', link => bytes(link.retransmittedBytes)))))
}

export function portTable(sums: PortSum[] | undefined): HTMLElement | null {
  if (!sums || sums.length === 0) {
    return null
  }
  const sorted = [...sums].sort((a, b) => b.bytesOut + b.bytesIn - a.bytesOut - a.bytesIn).slice(0, MostPorts)
  const head = ['Port', '', 'Sent', 'Received', 'Failed'].map(label => h(label ? 'th' : 'td', label ? { scope: 'col' } : {}, label))
  const rows = sorted.map(sum => h('tr', {}, h('th', { scope: 'row' }, String(sum.port)), h('td', { class: 'muted' }, sum.direction === 'in' ? 'serves' : 'dials'),
    h('td', {}, bytes(sum.bytesOut)), h('td', {}, bytes(sum.bytesIn)), h('td', { class: sum.failed > 0 ? 'warn' : '' }, count(sum.failed))))
  return h('section', {}, h('h3', {}, 'Ports'), h('table', { class: 'small' }, h('thead', {}, h('tr', {}, ...head)), h('tbody', {}, ...rows)))
}

export function seen(detail: Detail): HTMLElement | null {
  const line = (label: string, time: string | null | undefined) => time && h('p', { class: 'seen' }, h('span', {}, label), h('time', { datetime: time, title: time }, `${moment(time)} · ${since(time)}`))
  const lines = [line('First seen', detail.firstSeen ?? detail.edge?.firstSeen), line('Last seen', detail.lastSeen ?? detail.edge?.lastSeen)].filter(each => each instanceof HTMLElement)
  return lines.length > 0 ? h('section', {}, ...lines) : null
}

export function queries(list: Query[] | undefined, announce: (text: string) => void): HTMLElement | null {
  if (!list || list.length === 0) {
    return null
  }
  const blocks = list.map(({ title, query }) =>
    h('div', { class: 'query' }, h('div', { class: 'query-head' }, h('span', {}, title),
      button('copy', `Copy: ${title}`, () => void copy(query).then(done => announce(done ? 'Copied' : 'The browser did not let it be copied')))), h('pre', { tabindex: '0' }, h('code', {}, query))))
  return h('section', {}, h('h3', {}, 'PromQL'), ...blocks)
}
