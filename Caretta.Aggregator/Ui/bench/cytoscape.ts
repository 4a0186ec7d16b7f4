import cytoscape from 'cytoscape'
import type { MapAnswer } from '../src/api/types'
import { edgeWidth, nodeRadius } from '../src/draw/scales'
import type { Renderer } from './renderer'

export async function make(element: HTMLElement, map: MapAnswer): Promise<Renderer> {
  const groups = [...new Set(map.nodes.map(node => node.namespace))]
  const graph = cytoscape({
    container: element,
    elements: [
      ...groups.map(id => ({ data: { id: `g:${id}`, label: id } })),
      ...map.nodes.map(node => ({ data: { id: node.id, parent: `g:${node.namespace}`, label: node.name, size: nodeRadius(node.rateIn + node.rateOut) * 2 } })),
      ...map.edges.map(edge => ({ data: { id: edge.id, source: edge.from, target: edge.to, width: edgeWidth(edge.rate) } })),
    ],
    style: [
      { selector: 'node', style: { label: 'data(label)', color: '#fff', 'background-color': '#8ab6f5' } },
      { selector: 'node[size]', style: { width: 'data(size)', height: 'data(size)' } },
      { selector: 'edge', style: { width: 'data(width)', 'curve-style': 'bezier', 'target-arrow-shape': 'triangle', opacity: 0.5 } },
    ],
    layout: { name: 'preset' },
  })
  const from = performance.now()
  await new Promise<void>(done => graph.layout({ name: 'cose', animate: false, randomize: true, stop: () => done() }).run())
  const took = performance.now() - from
  graph.fit()
  const pan = { ...graph.pan() }
  const zoom = graph.zoom()
  return { layout: took, move: (dx, dy, factor) => graph.viewport({ zoom: zoom * factor, pan: { x: pan.x - dx, y: pan.y - dy } }) }
}
