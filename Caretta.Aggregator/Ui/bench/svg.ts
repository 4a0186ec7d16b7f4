import type { MapAnswer } from '../src/api/types'
import { curveBetween } from '../src/draw/curve'
import { toneOf, Dark } from '../src/draw/palette'
import { edgeWidth, health, nodeRadius } from '../src/draw/scales'
import { layout } from '../src/layout/layout'
import { svg } from '../src/ui/dom'
import type { Renderer } from './renderer'

export async function make(element: HTMLElement, map: MapAnswer): Promise<Renderer> {
  const from = performance.now()
  const placed = layout(map.nodes, map.edges, { groups: new Map(), cells: new Map() })
  const took = performance.now() - from
  const root = svg('g')
  const disc = (id: string) => ({ ...placed.points.get(id)!, radius: 14 })
  for (const group of placed.groups) {
    root.append(svg('rect', { x: group.x, y: group.y, width: group.width, height: group.height, rx: 18, fill: toneOf(Dark, group.id, 0.06), stroke: toneOf(Dark, group.id, 0.2) }))
  }
  for (const edge of map.edges) {
    const { x1, y1, cx, cy, x2, y2 } = curveBetween(disc(edge.from), disc(edge.to))
    root.append(svg('path', { d: `M${x1} ${y1}Q${cx} ${cy} ${x2} ${y2}`, fill: 'none', stroke: Dark.edge[health(edge)], 'stroke-width': edgeWidth(edge.rate), 'stroke-opacity': 0.5 }))
  }
  for (const node of map.nodes) {
    const { x, y } = placed.points.get(node.id)!
    root.append(svg('circle', { cx: x, cy: y, r: nodeRadius(node.rateIn + node.rateOut), fill: toneOf(Dark, node.namespace) }))
    const label = svg('text', { x, y: y + 34, fill: Dark.text, 'font-size': 13, 'text-anchor': 'middle' })
    label.textContent = node.name
    root.append(label)
  }
  element.append(svg('svg', { width: '100%', height: '100%' }, root))
  const { width, height } = element.getBoundingClientRect()
  const box = root.getBBox()
  const zoom = Math.min(width / box.width, height / box.height)
  return {
    layout: took,
    move: (dx, dy, factor) => root.setAttribute('transform', `translate(${width / 2 - dx} ${height / 2 - dy}) scale(${zoom * factor}) translate(${-box.x - box.width / 2} ${-box.y - box.height / 2})`),
  }
}
