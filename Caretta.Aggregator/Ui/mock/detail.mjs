/** The level of detail that the aggregator would give: the same rules as in docs, in as few lines as they take. */
export function mapOf(motion, query, now = motion.clock()) {
  const maxNodes = Number(query.get('maxNodes') ?? 300)
  const maxEdges = Number(query.get('maxEdges') ?? 600)
  const expand = new Set(listOf(query, 'expand'))
  const live = filtered(motion, query, now)
  const ids = new Set(live.flatMap(edge => [edge.from, edge.to]))
  const workloads = motion.cluster.workloads.filter(each => ids.has(each.id))
  const spaces = new Set(workloads.map(each => each.namespace))
  const all = expand.has('*') || query.has('focus') || (expand.size === 0 && workloads.length <= maxNodes)
  const asWorkload = each => all || expand.has(each.namespace)
  const nodes = new Map()
  for (const each of workloads) {
    const id = asWorkload(each) ? each.id : `n:${each.namespace}`
    const held = nodes.get(id) ?? node(each, asWorkload(each))
    held.workloads += 1
    nodes.set(id, held)
  }
  const tooMany = nodes.size > maxNodes
  const nodeOf = id => { const each = motion.byId.get(id); return asWorkload(each) ? id : `n:${each.namespace}` }
  const edges = new Map()
  for (const edge of live) {
    const from = nodeOf(edge.from), to = nodeOf(edge.to)
    add(nodes.get(from), edge, true)
    add(nodes.get(to), edge, false)
    const plain = !from.startsWith('n:') && !to.startsWith('n:')
    const id = plain ? edge.id : `b:${from}:${to}`
    const held = edges.get(id)
    if (!held) edges.set(id, { id, from, to, type: plain ? 'edge' : 'bundle', ...edge.now })
    else join(held, edge.now)
  }
  const rank = (a, b) => (b.rate ?? b.rateIn + b.rateOut) - (a.rate ?? a.rateIn + a.rateOut)
  const shown = [...nodes.values()].sort(rank).slice(0, maxNodes)
  const seen = new Set(shown.map(each => each.id))
  const sorted = [...edges.values()].sort(rank)
  const kept = sorted.filter(edge => seen.has(edge.from) && seen.has(edge.to)).slice(0, maxEdges)
  const keptIds = new Set(kept.map(edge => edge.id))
  const rest = sorted.filter(edge => !keptIds.has(edge.id))
  const missing = query.get('mockMissing') ? ['10.0.3.7:7119'] : []
  return {
    at: new Date(now).toISOString(), refreshSeconds: 5, complete: missing.length === 0, members: { asked: 3, answered: 3 - missing.length, missing },
    totals: { namespaces: spaces.size, workloads: workloads.length, links: live.length * 2, edges: live.length, rate: sum(live, edge => edge.now.rate) },
    level: all ? 'workloads' : expand.size > 0 ? 'mixed' : 'namespaces', tooMany, nodes: shown, edges: kept,
    left: { nodes: nodes.size - shown.length, edges: rest.length, rate: sum(rest, edge => edge.rate) },
  }
}

export function filtered(motion, query, now) {
  const spaces = listOf(query, 'namespace'), kinds = listOf(query, 'kind'), ports = listOf(query, 'port'), hide = listOf(query, 'hide'), isolate = listOf(query, 'isolate')
  const name = query.get('name') ?? '', external = query.get('external'), least = Number(query.get('minRate') ?? 0), focus = query.get('focus')
  const both = edge => [motion.byId.get(edge.from), motion.byId.get(edge.to)]
  let edges = motion.edges.filter(edge => {
    const ends = both(edge)
    const is = id => ends.some(end => end.id === id || `n:${end.namespace}` === id)
    return (spaces.length === 0 || ends.some(end => spaces.some(space => matches(space, end.namespace)))) && (kinds.length === 0 || ends.some(end => kinds.includes(end.kind)))
      && (ports.length === 0 || ports.some(port => inRange(port, edge.port))) && (!name || ends.some(end => matches(name, end.name) || end.name.includes(name)))
      && (!external || (external === 'only') === ends.some(end => end.external)) && !hide.some(is) && (isolate.length === 0 || isolate.some(is)) && !edge.hidden
  })
  if (focus) {
    const within = new Set([focus])
    for (let hop = 0; hop < Number(query.get('hops') ?? 1); hop++) {
      const reached = edges.filter(edge => within.has(edge.from) || within.has(edge.to)).flatMap(edge => [edge.from, edge.to])
      reached.forEach(id => within.add(id))
    }
    edges = edges.filter(edge => within.has(edge.from) && within.has(edge.to))
  }
  return edges.map(edge => ({ ...edge, now: motion.at(edge, now) })).filter(edge => edge.now.rate >= least)
}

export function listOf(query, key) {
  return query.getAll(key).flatMap(value => value.split(',')).filter(Boolean)
}

function matches(pattern, text) {
  return pattern.includes('*') ? new RegExp(`^${pattern.split('*').map(part => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&')).join('.*')}$`).test(text) : pattern === text
}

function inRange(range, port) {
  const [from, to = from] = range.split('-').map(Number)
  return port >= from && port <= to
}

function node(each, plain) {
  const sums = { workloads: 0, rateOut: 0, rateIn: 0, bytesOut: 0, bytesIn: 0, active: 0, opened: 0, failed: 0, failedRate: 0 }
  return plain ? { ...each, type: 'workload', ...sums } : { id: `n:${each.namespace}`, type: 'namespace', namespace: each.namespace, kind: 'Namespace', name: each.namespace, owner: '', external: each.external, ...sums }
}

function add(node, { now }, client) {
  node.rateOut += client ? now.rateToServer : now.rateToClient
  node.rateIn += client ? now.rateToClient : now.rateToServer
  node.bytesOut += client ? now.bytesToServer : now.bytesToClient
  node.bytesIn += client ? now.bytesToClient : now.bytesToServer
  for (const key of ['active', 'opened', 'failed', 'failedRate']) node[key] += now[key]
}

function join(held, now) {
  for (const key of ['links', 'rateToServer', 'rateToClient', 'rate', 'bytesToServer', 'bytesToClient', 'active', 'opened', 'failed', 'openedRate', 'failedRate']) held[key] += now[key]
  held.ports = [...new Set([...held.ports, ...now.ports])].sort((a, b) => a - b)
}

function sum(list, of) {
  return list.reduce((total, each) => total + of(each), 0)
}
