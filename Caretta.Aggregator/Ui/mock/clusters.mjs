import { randomFrom } from './random.mjs'

/** Synthetic clusters: workloads and edges with a mean rate; what they have at a time is in motion.mjs. */
export function cluster(name) {
  switch (name) {
    case 'shop': return shop()
    case 'big': return big(5_000, 50_000)
    case 'medium': return big(300, 900, 12)
    case 'empty': return { workloads: [], edges: [] }
    default: throw new Error(`No cluster is called ${name}: shop, medium, big, empty.`)
  }
}

function workload(index, namespace, kind, name, owner = '') {
  return { id: `w${(1000003 * (index + 7)).toString(16)}`, namespace, kind, name, owner, external: kind === 'external' }
}

function edge(index, from, to, port, toServer, toClient, opened, failed, rtt) {
  return { id: `e${(2000003 * (index + 11)).toString(16)}`, from: from.id, to: to.id, port, toServer, toClient, opened, failed, rtt, phase: (index * 0.618) % 1 }
}

function shop() {
  const names = [
    ['shop', 'Deployment', 'gateway'], ['shop', 'Deployment', 'storefront'], ['shop', 'Deployment', 'catalog'], ['shop', 'Deployment', 'cart'],
    ['shop', 'Deployment', 'checkout'], ['shop', 'Deployment', 'recommendations'], ['shop', 'Deployment', 'accounts'],
    ['payments', 'Deployment', 'payments'], ['payments', 'Deployment', 'fraud-check'], ['data', 'StatefulSet', 'orders-db'], ['data', 'StatefulSet', 'redis'],
    ['data', 'StatefulSet', 'rabbitmq'], ['shop', 'Deployment', 'mailer'], ['jobs', 'CronJob', 'nightly-report'], ['jobs', 'Deployment', 'image-resizer'],
    ['external', 'external', 'api.stripe.com'], ['external', 'external', 'smtp.sendgrid.net'], ['external', 'external', '203.0.113.44'],
  ]
  const workloads = names.map(([namespace, kind, name], index) => workload(index, namespace, kind, name))
  const by = Object.fromEntries(workloads.map(each => [each.name, each]))
  const list = [
    ['203.0.113.44', 'gateway', 443, 210e3, 2.9e6, 22, 0, 18], ['gateway', 'storefront', 8080, 190e3, 2.1e6, 40, 0, 0.6], ['storefront', 'catalog', 8080, 60e3, 900e3, 31, 0, 0.5],
    ['storefront', 'cart', 7070, 21e3, 42e3, 18, 0, 0.4], ['storefront', 'recommendations', 8080, 9e3, 110e3, 9, 0, 0.9], ['storefront', 'checkout', 5050, 8e3, 6e3, 4, 0, 0.7],
    ['storefront', 'accounts', 8443, 5e3, 12e3, 6, 0, 0.5], ['checkout', 'cart', 7070, 2e3, 9e3, 4, 0, 0.4], ['checkout', 'payments', 50051, 5e3, 3e3, 3.5, 0, 1.1],
    ['payments', 'fraud-check', 9000, 3e3, 0, 2.2, 1.4, 3.2], ['payments', 'api.stripe.com', 443, 9e3, 14e3, 3, 0, 38], ['payments', 'orders-db', 5432, 12e3, 8e3, 0.1, 0, 0.3],
    ['checkout', 'orders-db', 5432, 30e3, 64e3, 0.2, 0, 0.3], ['accounts', 'orders-db', 5432, 6e3, 22e3, 0.1, 0, 0.3], ['catalog', 'orders-db', 5432, 40e3, 700e3, 0.3, 0, 0.3],
    ['catalog', 'redis', 6379, 55e3, 420e3, 0.4, 0, 0.2], ['cart', 'redis', 6379, 24e3, 31e3, 0.3, 0, 0.2], ['checkout', 'rabbitmq', 5672, 7e3, 600, 0.05, 0, 0.4],
    ['mailer', 'rabbitmq', 5672, 500, 7e3, 0.02, 0, 0.4], ['mailer', 'smtp.sendgrid.net', 587, 16e3, 2e3, 0.6, 0.04, 61], ['recommendations', 'catalog', 8080, 4e3, 88e3, 3, 0, 0.5],
    ['nightly-report', 'orders-db', 5432, 0, 0, 0, 0, 0.4], ['image-resizer', 'rabbitmq', 5672, 300, 4e3, 0.01, 0, 0.5], ['image-resizer', 'catalog', 8080, 240e3, 3e3, 1, 0, 0.8],
  ]
  return { workloads, edges: list.map(([from, to, ...rest], index) => edge(index, by[from], by[to], ...rest)) }
}

function big(count, links, namespaces = 120) {
  const random = randomFrom(42)
  const pick = list => list[Math.floor(random() * list.length)]
  const team = ['search', 'billing', 'media', 'identity', 'logistics', 'pricing', 'growth', 'ledger', 'risk', 'mobile', 'edge', 'partner', 'inventory', 'support', 'ads']
  const stage = ['prod', 'canary', 'batch', 'api', 'data', 'ml', 'web', 'core']
  const part = ['api', 'worker', 'gateway', 'cache', 'db', 'indexer', 'scheduler', 'proxy', 'frontend', 'stream', 'events', 'store', 'sync', 'auth', 'notifier', 'reports']
  const kinds = ['Deployment', 'Deployment', 'Deployment', 'Deployment', 'StatefulSet', 'DaemonSet', 'CronJob']
  const spaces = Array.from({ length: namespaces - 1 }, (_, index) => `${team[index % team.length]}-${stage[Math.floor(index / team.length) % stage.length]}`)
  const workloads = []
  const inSpace = new Map(spaces.map(space => [space, []]))
  for (let index = 0; index < count; index++) {
    const outside = index % 25 === 24
    const space = outside ? 'external' : spaces[Math.floor(Math.pow(random(), 1.6) * spaces.length)]
    const name = outside ? `198.51.${100 + (index % 7)}.${(index * 37) % 250}` : `${pick(part)}-${pick(part)}${Math.floor(index / spaces.length) || ''}`
    const each = workload(index, space, outside ? 'external' : pick(kinds), name)
    workloads.push(each)
    inSpace.get(space)?.push(each)
  }
  const edges = []
  const seen = new Set()
  while (edges.length < links) {
    const from = pick(workloads)
    const near = inSpace.get(from.namespace) ?? []
    // Most talk within their namespace, some to a few neighbours, little to everybody.
    const where = random()
    const own = spaces.indexOf(from.namespace)
    const to = where < 0.6 && near.length > 1 ? pick(near) : where < 0.97 ? pick(inSpace.get(spaces[(own + 1 + Math.floor(random() * 3) + spaces.length) % spaces.length]) ?? workloads) : pick(workloads)
    const port = pick([80, 443, 5432, 6379, 8080, 8080, 8443, 9092, 50051])
    const key = `${from.id} ${to?.id} ${port}`
    if (!to || to === from || seen.has(key)) continue
    seen.add(key)
    const mean = random() < 0.3 ? 0 : Math.pow(10, 1 + random() * random() * 6)
    const failing = random() < 0.006
    edges.push(edge(edges.length, from, to, port, mean * (0.1 + random() * 0.3), mean * random(), mean ? random() * 20 : 0, failing ? random() * 4 : 0, 0.2 + random() * 3))
  }
  return { workloads, edges }
}
