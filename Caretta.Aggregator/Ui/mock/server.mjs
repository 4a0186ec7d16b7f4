// A stand-in for the aggregator while the page is worked on: node mock/server.mjs [--cluster shop|medium|big|empty] [--port 7199]
// It serves the API's contract with synthetic data, and the built page (dist) under the policy of the real one.
// POST /mock/set?status=401|missing=1|silent=1|gone=EDGE|back=EDGE plays faults.
import { createServer } from 'node:http'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { extname, join, normalize } from 'node:path'
import { cluster } from './clusters.mjs'
import { mapOf } from './detail.mjs'
import { Motion } from './motion.mjs'
import { changes, detailOf, dot, csv, links, workloads } from './pages.mjs'

const argument = (name, otherwise) => (process.argv.includes(`--${name}`) ? process.argv[process.argv.indexOf(`--${name}`) + 1] : otherwise)
const motion = new Motion(cluster(argument('cluster', 'shop')))
const faults = { status: 0, missing: false, silent: false }
const dist = new URL('../dist/', import.meta.url).pathname
const every = Number(argument('every', 2_000))

const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; base-uri 'none'; frame-ancestors 'none'; worker-src 'self'"
const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.woff2': 'font/woff2', '.txt': 'text/plain' }

const server = createServer((request, response) => {
  const url = new URL(request.url, 'http://mock')
  const query = url.searchParams
  if (url.pathname === '/mock/set') {
    return void set(query, response)
  }
  if (!url.pathname.startsWith('/api/v1/')) {
    return void page(url.pathname, response)
  }
  if (faults.status) {
    return void json(response, { title: 'Unauthorized', status: faults.status, detail: 'This port asks for a password or a token.' }, faults.status, 'application/problem+json')
  }
  if (faults.missing) {
    query.set('mockMissing', '1')
  }
  const path = url.pathname.slice('/api/v1/'.length)
  const [head, id] = path.split('/').map(decodeURIComponent)
  switch (head) {
    case 'map': return void exported(query, response)
    case 'stream': return void stream(query, request, response)
    case 'changes': return void json(response, changes(motion, query))
    case 'links': return void answer(response, id ? detailOf(motion, id) : links(motion, query))
    case 'workloads': return void answer(response, id ? detailOf(motion, id) : workloads(motion, query))
    default: return void answer(response, null)
  }
})

function stream(query, request, response) {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  let held = mapOf(motion, query)
  let id = 0
  const send = (name, data) => response.write(`id: ${++id}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`)
  send('map', held)
  const timer = setInterval(() => {
    if (faults.status) return void response.destroy()
    if (faults.silent) return
    if (faults.missing) query.set('mockMissing', '1')
    else query.delete('mockMissing')
    const now = mapOf(motion, query)
    const changed = (before, after) => { const old = new Map(before.map(each => [each.id, JSON.stringify(each)])); return after.filter(each => old.get(each.id) !== JSON.stringify(each)) }
    const gone = (before, after) => { const ids = new Set(after.map(each => each.id)); return before.filter(each => !ids.has(each.id)).map(each => each.id) }
    const { at, complete, members, totals, left } = now
    send('delta', { at, complete, members, totals, left, nodes: changed(held.nodes, now.nodes), edges: changed(held.edges, now.edges), goneNodes: gone(held.nodes, now.nodes), goneEdges: gone(held.edges, now.edges) })
    held = now
  }, every)
  request.on('close', () => clearInterval(timer))
}

function exported(query, response) {
  const map = mapOf(motion, query)
  switch (query.get('format')) {
    case 'csv': return send(response, 200, 'text/csv', csv(map))
    case 'dot': return send(response, 200, 'text/vnd.graphviz', dot(map))
    default: return json(response, map)
  }
}

function set(query, response) {
  for (const [key, value] of query) {
    if (key === 'gone' || key === 'back') motion.edges.filter(edge => edge.id === value).forEach(edge => { edge.hidden = key === 'gone'; edge.changed = Date.now() })
    else if (key === 'fresh') motion.edges.filter(edge => edge.id === value).forEach(edge => { edge.appeared = Date.now() })
    else faults[key] = Number(value)
  }
  send(response, 204, 'text/plain', '')
}

function page(path, response) {
  const file = join(dist, normalize(path === '/' ? '/index.html' : path))
  if (!file.startsWith(dist) || !existsSync(file) || !statSync(file).isFile()) return send(response, 404, 'text/plain', 'Not here.\n')
  return send(response, 200, types[extname(file)] ?? 'application/octet-stream', readFileSync(file), { 'content-security-policy': policy })
}

function answer(response, value) {
  return value ? json(response, value) : json(response, { title: 'Not found', status: 404, detail: 'Nobody has this id.' }, 404, 'application/problem+json')
}

function json(response, value, status = 200, type = 'application/json') {
  return send(response, status, type, JSON.stringify(value))
}

function send(response, status, type, body, more = {}) {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', ...more })
  response.end(body)
}

server.listen(Number(argument('port', 7199)), '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}/`))
