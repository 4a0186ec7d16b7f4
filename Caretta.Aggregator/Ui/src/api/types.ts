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
  /** null: before links had such a time. */
  firstSeen: string | null
  lastSeen: string | null
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
  /** null: before links had such a time. */
  firstSeen: string | null
  lastSeen: string | null
}

/** /workloads tells of workloads as /map does. */
export type WorkloadItem = MapNode

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
  /** null while there is no history. */
  from: string | null
  sent: number[]
  received: number[]
  failed: number[]
  /** Of a workload with many connections only the busiest are in it. */
  partial?: boolean
}

export interface PortSum {
  port: number
  /** in: others dial it at this port. */
  direction: 'in' | 'out'
  edges: number
  bytesOut: number
  bytesIn: number
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
  edge?: MapEdge
  roles?: Link[]
  ports?: PortSum[]
  history?: History
  promql?: Query[]
  firstSeen?: string | null
  lastSeen?: string | null
}

export interface WorkloadDetail extends Detail {
  workload: WorkloadItem
}

export interface Change {
  edge: MapEdge
  client: Workload
  server: Workload
}

export interface Changes {
  at: string
  complete: boolean
  members: Members
  appearedTotal: number
  vanishedTotal: number
  appeared: Change[]
  vanished: Change[]
}

export interface Problem {
  title?: string
  detail?: string
  status?: number
}
