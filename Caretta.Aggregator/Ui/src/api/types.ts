/** What the aggregator's API says; ids are strings because they are 64 bits wide. */

export interface Members {
  asked: number
  answered: number
  missing: string[]
}

export interface Totals {
  namespaces: number
  workloads: number
  links: number
  edges: number
  rate: number
}

export interface Left {
  nodes: number
  edges: number
  rate: number
}

export type NodeType = 'workload' | 'namespace' | 'rest'

export interface MapNode {
  id: string
  type: NodeType
  namespace: string
  kind: string
  name: string
  owner: string
  workloads: number
  external: boolean
  rateOut: number
  rateIn: number
  bytesOut: number
  bytesIn: number
  active: number
  opened: number
  failed: number
  failedRate: number
}

export interface MapEdge {
  id: string
  /** The client's node. */
  from: string
  /** The server's node. */
  to: string
  type: 'edge' | 'bundle' | 'rest'
  ports: number[]
  links: number
  rate: number
  bytesToServer: number
  bytesToClient: number
  rateToServer: number
  rateToClient: number
  active: number
  opened: number
  failed: number
  openedRate: number
  failedRate: number
  rttMs: number | null
  firstSeen: string
  lastSeen: string
}

export interface MapAnswer {
  at: string
  refreshSeconds: number
  complete: boolean
  members: Members
  totals: Totals
  level: 'namespaces' | 'workloads' | 'mixed'
  tooMany: boolean
  nodes: MapNode[]
  edges: MapEdge[]
  left: Left
}

/** What changed since the answer or delta before it: nodes and edges come whole. */
export interface MapDelta {
  at: string
  complete: boolean
  members: Members
  totals: Totals
  left: Left
  nodes: MapNode[]
  edges: MapEdge[]
  goneNodes: string[]
  goneEdges: string[]
}

export interface Workload {
  id: string
  namespace: string
  kind: string
  name: string
  owner: string
}

export interface Link {
  id: string
  role: 'client' | 'server'
  client: Workload
  server: Workload
  port: number
  sentBytes: number
  receivedBytes: number
  sentRate: number
  receivedRate: number
  opened: number
  closed: number
  failed: number
  active: number
  retransmittedBytes: number
  rttMs: number | null
  states: Record<string, number>
  firstSeen: string
  lastSeen: string
}

export interface WorkloadItem extends Workload {
  external: boolean
  bytesOut: number
  bytesIn: number
  rateOut: number
  rateIn: number
  opened: number
  failed: number
  failedRate: number
  active: number
}

export interface Page<T> {
  at: string
  complete: boolean
  members: Members
  total: number
  items: T[]
  next: string | null
}

export interface History {
  stepSeconds: number
  from: string
  sent: number[]
  received: number[]
  failed: number[]
}

export interface PortSum {
  port: number
  bytesToServer: number
  bytesToClient: number
  opened: number
  failed: number
}

export interface Query {
  title: string
  query: string
}

/** Of a link, an edge or a workload; a part that the thing has not is absent. */
export interface Detail {
  at: string
  complete: boolean
  members: Members
  roles?: Link[]
  ports?: PortSum[]
  history?: History
  promql?: Query[]
  firstSeen?: string
  lastSeen?: string
}

export interface ChangedEdge extends MapEdge {
  client: Workload
  server: Workload
}

export interface Changes {
  at: string
  complete: boolean
  members: Members
  appeared: ChangedEdge[]
  vanished: ChangedEdge[]
}

export interface Problem {
  title?: string
  detail?: string
  status?: number
}
