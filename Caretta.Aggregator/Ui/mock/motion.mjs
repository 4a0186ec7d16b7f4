/** Rates that wander and totals that are their integral, so that what the page computes of them agrees. */
export class Motion {
  constructor(cluster, clock = () => Date.now()) {
    this.cluster = cluster
    this.clock = clock
    this.began = clock()
    this.byId = new Map(cluster.workloads.map(each => [each.id, each]))
    this.edges = cluster.edges.map(edge => ({ ...edge, hidden: false }))
  }

  /** The edge as of now: a slow wave around its mean, each in its own phase. */
  at(edge, now = this.clock()) {
    const t = (now - this.began) / 1000
    const wave = 1 + 0.35 * Math.sin(2 * Math.PI * (t / 47 + edge.phase)) + 0.15 * Math.sin(2 * Math.PI * (t / 11 + edge.phase * 3))
    const age = 3600 * (2 + 40 * edge.phase)
    const total = mean => Math.round(mean * (age + t))
    return {
      ports: [edge.port], links: 2,
      rateToServer: edge.toServer * wave, rateToClient: edge.toClient * wave, rate: (edge.toServer + edge.toClient) * wave,
      bytesToServer: total(edge.toServer || 3), bytesToClient: total(edge.toClient || 2),
      active: edge.opened ? Math.max(1, Math.round(edge.opened * wave * 0.8)) : 0,
      opened: total(edge.opened || 0.01), failed: total(edge.failed), openedRate: edge.opened * wave, failedRate: edge.failed * wave,
      rttMs: edge.rtt * wave, firstSeen: new Date(this.began - age * 1000).toISOString(), lastSeen: new Date(edge.toServer + edge.toClient ? now - 2000 : now - 3 * 3600e3).toISOString(),
    }
  }
}
