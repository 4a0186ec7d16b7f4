import type { MapAnswer } from '../src/api/types'
import { MapView } from '../src/draw/mapView'
import { Dark } from '../src/draw/palette'
import { layout } from '../src/layout/layout'
import type { Renderer } from './renderer'

export async function make(element: HTMLElement, map: MapAnswer): Promise<Renderer> {
  const view = new MapView(Dark, { pick() {}, ask() {}, hover() {}, moved() {}, resized() {} })
  element.append(view.element)
  await new Promise(done => requestAnimationFrame(done))
  const from = performance.now()
  const placed = layout(map.nodes, map.edges, { groups: new Map(), cells: new Map() })
  const took = performance.now() - from
  view.show(map, placed, false, true)
  view.fit(undefined, false)
  const { x, y, zoom } = view.camera
  return { layout: took, move: (dx, dy, factor) => view.moveTo({ x: x + dx / zoom, y: y + dy / zoom, zoom: zoom * factor }) }
}
