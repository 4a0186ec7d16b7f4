import Elk from 'elkjs/lib/elk.bundled.js'
import type { MapAnswer } from '../src/api/types'
import type { Renderer } from './renderer'

/** Its layout only; it draws nothing. */
export async function make(_: HTMLElement, map: MapAnswer): Promise<Renderer> {
  const groups = [...new Set(map.nodes.map(node => node.namespace))]
  const from = performance.now()
  await new Elk().layout({
    id: 'root',
    layoutOptions: { 'elk.algorithm': 'layered', 'elk.hierarchyHandling': 'INCLUDE_CHILDREN' },
    children: groups.map(group => ({ id: `g:${group}`, children: map.nodes.filter(node => node.namespace === group).map(({ id }) => ({ id, width: 120, height: 60 })) })),
    edges: map.edges.map(({ id, from, to }) => ({ id, sources: [from], targets: [to] })),
  })
  return { layout: performance.now() - from }
}
