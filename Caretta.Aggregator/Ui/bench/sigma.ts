import Graph from 'graphology'
import Sigma from 'sigma'
import type { MapAnswer } from '../src/api/types'
import { layout } from '../src/layout/layout'
import { edgeWidth, nodeRadius } from '../src/draw/scales'
import type { Renderer } from './renderer'

export async function make(element: HTMLElement, map: MapAnswer): Promise<Renderer> {
  const from = performance.now()
  const placed = layout(map.nodes, map.edges, { groups: new Map(), cells: new Map() })
  const took = performance.now() - from
  const graph = new Graph({ multi: true, type: 'directed' })
  for (const node of map.nodes) {
    const { x, y } = placed.points.get(node.id)!
    graph.addNode(node.id, { x, y: -y, size: nodeRadius(node.rateIn + node.rateOut) / 3, label: node.name, color: '#8ab6f5' })
  }
  for (const edge of map.edges) {
    graph.addEdge(edge.from, edge.to, { size: edgeWidth(edge.rate) / 2, color: '#6fa9b3', type: 'arrow' })
  }
  const sigma = new Sigma(graph, element)
  return { layout: took, move: (dx, dy, factor) => sigma.getCamera().setState({ x: 0.5 + dx / 1440, y: 0.5 + dy / 900, ratio: 1 / factor }) }
}
