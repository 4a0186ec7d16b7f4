import type { MapAnswer, MapEdge, MapNode } from '../src/api/types'

export function node(id: string, namespace: string, more: Partial<MapNode> = {}): MapNode {
  return {
    id, type: 'workload', namespace, kind: 'Deployment', name: id, owner: '', workloads: 1, external: false,
    rateOut: 0, rateIn: 0, bytesOut: 0, bytesIn: 0, active: 0, opened: 0, failed: 0, failedRate: 0, ...more,
  }
}

export function edge(from: string, to: string, more: Partial<MapEdge> = {}): MapEdge {
  return {
    id: `${from}>${to}`, from, to, type: 'edge', ports: [80], links: 2, rate: 0, bytesToServer: 0, bytesToClient: 0, rateToServer: 0, rateToClient: 0,
    active: 0, opened: 0, failed: 0, openedRate: 0, failedRate: 0, rttMs: null, firstSeen: '2026-01-01T00:00:00Z', lastSeen: '2026-01-01T00:00:00Z', ...more,
  }
}

/** Namespaces a, b, c… of so many workloads each; each workload dials the next one and one of the next namespace. */
export function cluster(namespaces: number, each: number): { nodes: MapNode[]; edges: MapEdge[] } {
  const nodes: MapNode[] = []
  const edges: MapEdge[] = []
  for (let space = 0; space < namespaces; space++) {
    for (let index = 0; index < each; index++) {
      nodes.push(node(`${space}-${index}`, `ns${space}`))
      if (index > 0) {
        edges.push(edge(`${space}-${index - 1}`, `${space}-${index}`))
      }
      if (space > 0 && index % 3 === 0) {
        edges.push(edge(`${space - 1}-${index}`, `${space}-${index}`))
      }
    }
  }
  return { nodes, edges }
}

export function answer(nodes: MapNode[], edges: MapEdge[]): MapAnswer {
  return {
    at: '2026-01-01T00:00:00Z', refreshSeconds: 5, complete: true, members: { asked: 1, answered: 1, missing: [] },
    totals: { namespaces: 1, workloads: nodes.length, links: edges.length * 2, edges: edges.length, rate: 0 }, level: 'workloads', tooMany: false, nodes, edges,
    left: { nodes: 0, edges: 0, rate: 0 },
  }
}
