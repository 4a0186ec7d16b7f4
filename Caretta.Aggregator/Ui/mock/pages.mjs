import { filtered } from './detail.mjs'

const envelope = (motion, now) => ({ at: new Date(now).toISOString(), complete: true, members: { asked: 3, answered: 3, missing: [] } })
const named = ({ id, namespace, kind, name, owner }) => ({ id, namespace, kind, name, owner })

function roles(motion, edge, now) {
  const is = motion.at(edge, now)
  const common = {
    client: named(motion.byId.get(edge.from)), server: named(motion.byId.get(edge.to)), port: edge.port, opened: is.opened, closed: is.opened - is.active, failed: is.failed,
    active: is.active, retransmittedBytes: Math.round(is.bytesToServer / 9000), rttMs: is.rttMs, states: is.active ? { established: is.active } : {}, firstSeen: is.firstSeen, lastSeen: is.lastSeen,
  }
  const client = { ...common, id: `${edge.id}1`, role: 'client', sentBytes: is.bytesToServer, receivedBytes: is.bytesToClient, sentRate: is.rateToServer, receivedRate: is.rateToClient }
  const server = { ...common, id: `${edge.id}2`, role: 'server', sentBytes: is.bytesToClient, receivedBytes: is.bytesToServer, sentRate: is.rateToClient, receivedRate: is.rateToServer }
  return [client, server].filter(link => (link.role === 'client' ? !motion.byId.get(edge.from).external : !motion.byId.get(edge.to).external))
}

export function links(motion, query, now = motion.clock()) {
  return paged(motion, query, now, filtered(motion, query, now).flatMap(edge => roles(motion, edge, now)),
    { rate: link => -(link.sentRate + link.receivedRate), bytes: link => -(link.sentBytes + link.receivedBytes), failed: link => -link.failed, name: link => link.client.name })
}

export function workloads(motion, query, now = motion.clock()) {
  const sums = new Map(motion.cluster.workloads.map(each => [each.id, { ...named(each), type: 'workload', workloads: 1, external: each.external, bytesOut: 0, bytesIn: 0, rateOut: 0, rateIn: 0, opened: 0, failed: 0, failedRate: 0, active: 0 }]))
  for (const edge of filtered(motion, query, now)) {
    for (const [id, client] of [[edge.from, true], [edge.to, false]]) {
      const held = sums.get(id)
      held.bytesOut += client ? edge.now.bytesToServer : edge.now.bytesToClient
      held.bytesIn += client ? edge.now.bytesToClient : edge.now.bytesToServer
      held.rateOut += client ? edge.now.rateToServer : edge.now.rateToClient
      held.rateIn += client ? edge.now.rateToClient : edge.now.rateToServer
      for (const key of ['opened', 'failed', 'failedRate', 'active']) held[key] += edge.now[key]
    }
  }
  const asked = (query.get('q') ?? '').toLowerCase()
  const space = query.getAll('namespace').flatMap(value => value.split(','))
  const items = [...sums.values()].filter(each => (!asked || asked.split(/\s+/).every(word => `${each.namespace}/${each.kind}/${each.name}`.toLowerCase().includes(word))) && (space.length === 0 || space.includes(each.namespace)))
  return paged(motion, query, now, items, { rate: each => -(each.rateOut + each.rateIn), bytes: each => -(each.bytesOut + each.bytesIn), failed: each => -each.failed, name: each => each.name })
}

function paged(motion, query, now, items, sorts) {
  const by = sorts[query.get('sort') ?? 'rate'] ?? sorts.rate
  items.sort((a, b) => (by(a) < by(b) ? -1 : by(a) > by(b) ? 1 : 0))
  const from = Number(query.get('after') ?? 0), limit = Number(query.get('limit') ?? 100)
  return { ...envelope(motion, now), total: items.length, items: items.slice(from, from + limit), next: from + limit < items.length ? String(from + limit) : null }
}

export function detailOf(motion, id, now = motion.clock()) {
  const edges = motion.edges.filter(edge => edge.id === id || `${edge.id}1` === id || `${edge.id}2` === id || edge.from === id || edge.to === id)
  if (edges.length === 0) return null
  const isLink = edges[0].from !== id && edges[0].to !== id
  const minutes = Array.from({ length: 60 }, (_, index) => now - (59 - index) * 60e3)
  const total = (minute, of) => edges.reduce((sum, edge) => sum + of(motion.at(edge, minute), edge), 0)
  const outgoing = edge => isLink || edge.from === id
  const ports = new Map()
  for (const edge of edges) {
    const is = motion.at(edge, now)
    const direction = edge.to === id ? 'in' : 'out'
    const held = ports.get(`${edge.port} ${direction}`) ?? { port: edge.port, direction, edges: 0, bytesOut: 0, bytesIn: 0, opened: 0, failed: 0 }
    held.edges += 1
    held.bytesOut += direction === 'out' ? is.bytesToServer : is.bytesToClient
    held.bytesIn += direction === 'out' ? is.bytesToClient : is.bytesToServer
    for (const key of ['opened', 'failed']) held[key] += is[key]
    ports.set(`${edge.port} ${direction}`, held)
  }
  const seen = edges.map(edge => motion.at(edge, now))
  const label = isLink ? `link_id="${edges[0].id}"` : `client_id="${id}"`
  return {
    ...envelope(motion, now), id, ...(isLink ? { roles: roles(motion, edges[0], now), edge: { id: edges[0].id, from: edges[0].from, to: edges[0].to, type: 'edge', ...seen[0] } } : { workload: named(motion.byId.get(id)), ports: [...ports.values()] }),
    firstSeen: seen.map(each => each.firstSeen).sort()[0], lastSeen: seen.map(each => each.lastSeen).sort().at(-1),
    history: {
      stepSeconds: 60, from: new Date(minutes[0]).toISOString(),
      sent: minutes.map(minute => total(minute, (is, edge) => (outgoing(edge) ? is.rateToServer : is.rateToClient))),
      received: minutes.map(minute => total(minute, (is, edge) => (outgoing(edge) ? is.rateToClient : is.rateToServer))),
      failed: minutes.map(minute => total(minute, is => is.failedRate)),
    },
    promql: [
      { title: 'Bytes a second, sent', query: `sum(rate(caretta_links_observed{${label}}[5m]))` },
      { title: 'Failed connections in the last hour', query: `sum(increase(caretta_link_connections_failed_total{${label}}[1h]))` },
    ],
  }
}

export function changes(motion, query, now = motion.clock()) {
  const since = now - Number(query.get('minutes') ?? 60) * 60e3
  const whole = edge => ({ edge: { id: edge.id, from: edge.from, to: edge.to, type: 'edge', ...motion.at(edge, now) }, client: named(motion.byId.get(edge.from)), server: named(motion.byId.get(edge.to)) })
  const lately = motion.edges.filter(edge => !edge.hidden && (edge.appeared ?? 0) > since)
  const idle = motion.edges.filter(edge => edge.hidden ? (edge.changed ?? 0) > since : edge.toServer + edge.toClient === 0).slice(0, 5)
  return { ...envelope(motion, now), appearedTotal: lately.length, vanishedTotal: idle.length, appeared: lately.map(edge => { const made = whole(edge); made.edge.firstSeen = new Date(edge.appeared).toISOString(); return made }), vanished: idle.map(whole) }
}

export function csv(map) {
  return ['from,to,ports,rate,bytes_to_server,bytes_to_client', ...map.edges.map(edge => [edge.from, edge.to, edge.ports.join(' '), Math.round(edge.rate), edge.bytesToServer, edge.bytesToClient].join(','))].join('\n') + '\n'
}

export function dot(map) {
  return `digraph caretta {\n${map.edges.map(edge => `  "${edge.from}" -> "${edge.to}" [label="${edge.ports.join(',')}"];`).join('\n')}\n}\n`
}
