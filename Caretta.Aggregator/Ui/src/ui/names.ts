import type { MapEdge, MapNode, Workload } from '../api/types'
import { plural, ports, rate } from '../format'
import { health } from '../draw/scales'

export function nameOf(node: MapNode): string {
  switch (node.type) {
    case 'namespace':
      return node.name || node.namespace
    case 'rest':
      return plural(node.workloads, 'more workload')
    default:
      return node.name
  }
}

export function fullName(workload: Workload): string {
  return workload.namespace && workload.namespace !== workload.name ? `${workload.namespace}/${workload.name}` : workload.name
}

export function sayNode(node: MapNode): string {
  const what = node.type === 'namespace' ? `namespace of ${plural(node.workloads, 'workload')}` : `${node.kind} in ${node.namespace}`
  const failing = node.failedRate > 0 ? ', connections are failing' : ''
  return `${nameOf(node)}, ${what}, sends ${rate(node.rateOut)}, receives ${rate(node.rateIn)}${failing}`
}

export function sayEdge(edge: MapEdge, nodes: ReadonlyMap<string, MapNode>): string {
  const end = (id: string) => {
    const node = nodes.get(id)
    return node ? nameOf(node) : id
  }
  const state = health(edge)
  const failing = state === 'bad' || state === 'warn' ? ', connections are failing' : ''
  return `${end(edge.from)} to ${end(edge.to)}, port ${ports(edge.ports)}, ${rate(edge.rate)}${failing}`
}
