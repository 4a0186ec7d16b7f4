import { plural, rate as rateText } from '../format'
import { Dialling, namespaceOf } from '../layout/layout'
import { CellWidth } from '../layout/cells'
import { curveLength, pointOn } from './curve'
import { LabelSpace } from './labels'
import { Font, is, type Look, type Near } from './look'
import { toneOf, type Palette } from './palette'
import type { Scene, SceneGroup, SceneNode } from './scene'

/** Names and numbers, in the window's own size whatever the zoom. */
export class Writing {
  constructor(private readonly context: CanvasRenderingContext2D) {}

  /** @returns Where names and numbers are, in the window's pixels. */
  paint(scene: Scene, look: Look, near: Near): LabelSpace['taken'] {
    const { context } = this
    const { camera, width, height, palette } = look
    const space = new LabelSpace(width, height)
    const place = (x: number, y: number) => ({ x: (x - camera.x) * camera.zoom + width / 2, y: (y - camera.y) * camera.zoom + height / 2 })
    context.textBaseline = 'alphabetic'
    context.lineJoin = 'round'

    context.strokeStyle = palette.halo
    context.lineWidth = 3.5
    for (const group of scene.groups.values()) {
      if (group.open) {
        this.#groupLabel(group, look, place(group.x, group.y), space)
      }
    }
    this.#discs(scene, near, camera.zoom, space, place)

    const size = camera.zoom >= 0.9 ? 12.5 : camera.zoom >= 0.45 ? 11.5 : 10
    const room = camera.zoom >= 0.5 ? Math.max(84, 134 * Math.max(camera.zoom, 0.62)) : Math.max(62, CellWidth * camera.zoom * 1.3)
    const first = (each: SceneNode) =>
      is(look.hover, 'node', each.node.id) || is(look.selected, 'node', each.node.id) || is(look.current, 'node', each.node.id) ? 2 : near?.has(each.node.id) ? 1 : 0
    const order = [...scene.nodes.values()].sort((a, b) => first(b) - first(a) || b.goal.rate - a.goal.rate || (a.node.id < b.node.id ? -1 : 1))
    const seconds: SecondLine[] = []
    context.strokeStyle = palette.halo
    context.lineWidth = 3.5
    for (const each of order) {
      const at = place(each.x, each.y)
      if (at.x < -80 || at.x > width + 80 || at.y < -60 || at.y > height + 60) {
        continue
      }
      const rank = first(each)
      context.font = `500 ${size}px ${Font}`
      const name = each.node.type === 'rest' ? plural(each.node.workloads, 'more', 'more') : each.node.name
      const text = rank === 2 ? name : space.shorten(context, name, room)
      const wide = space.measure(context, text)
      const top = at.y + each.radius * camera.zoom + (camera.zoom < 0.45 ? 1 : 4)
      const pad = camera.zoom < 0.45 ? 1 : 3
      if (!space.take(at.x - wide / 2 - pad, top, wide + 2 * pad, size + 2, rank === 2)) {
        continue
      }
      context.globalAlpha = near !== null && rank === 0 ? 0.3 : 1
      context.strokeText(text, at.x - wide / 2, top + size - 1)
      context.fillStyle = palette.text
      context.fillText(text, at.x - wide / 2, top + size - 1)
      if (camera.zoom >= 0.72 || rank === 2) {
        seconds.push({ text: secondLine(each, camera.zoom >= 1 || rank === 2), x: at.x, top: top + 15, must: rank === 2, alpha: context.globalAlpha })
      }
    }
    this.#secondLines(seconds, palette, space)
    this.#edgeLabels(scene, look, near, space, place)
    context.globalAlpha = 1
    return space.taken
  }

  /** Nothing is written on a disc; where some are in question the others are only a shade, and may be written on. */
  #discs(scene: Scene, near: Near, zoom: number, space: LabelSpace, place: (x: number, y: number) => { x: number; y: number }): void {
    for (const { node, x, y, radius } of scene.nodes.values()) {
      if (near === null || near.has(node.id)) {
        const at = place(x, y)
        const reach = radius * zoom * (zoom < 0.45 ? 0.6 : 0.85)
        space.take(at.x - reach, at.y - reach, reach * 2, reach * 2, true)
      }
    }
  }

  /** After all names: no name gives way to a neighbour's numbers. */
  #secondLines(lines: SecondLine[], palette: Palette, space: LabelSpace): void {
    const { context } = this
    context.font = `450 10.5px ${Font}`
    context.fillStyle = palette.muted
    for (const { text, x, top, must, alpha } of lines) {
      const wide = space.measure(context, text)
      if (space.take(x - wide / 2 - 3, top, wide + 6, 13, must)) {
        context.globalAlpha = alpha
        context.strokeText(text, x - wide / 2, top + 9.5)
        context.fillText(text, x - wide / 2, top + 9.5)
      }
    }
  }

  #groupLabel(group: SceneGroup, look: Look, at: { x: number; y: number }, space: LabelSpace): void {
    const { context } = this
    const { palette, camera } = look
    const wide = group.width * camera.zoom
    if (wide < 60) {
      return
    }
    context.font = `600 11.5px ${Font}`
    const text = space.shorten(context, titleOf(group.id), wide - 56)
    const measured = space.measure(context, text)
    space.take(at.x + 12, at.y + 6, measured + 30, 18, true)
    context.strokeText(text, at.x + 14, at.y + 20)
    context.fillStyle = toneOf(palette, group.id)
    context.fillText(text, at.x + 14, at.y + 20)
    context.font = `450 11px ${Font}`
    context.fillStyle = palette.muted
    if (wide > measured + 90) {
      context.strokeText(String(group.nodes), at.x + 14 + measured + 7, at.y + 20)
      context.fillText(String(group.nodes), at.x + 14 + measured + 7, at.y + 20)
    }
    if (group.id !== '~rest') {
      const lit = look.hover?.type === 'fold' && look.hover.id === group.id
      const x = at.x + wide - 18
      space.take(x - 10, at.y + 6, 20, 20, true)
      context.save()
      context.strokeStyle = lit ? palette.accent : palette.muted
      context.lineWidth = 1.5
      context.beginPath()
      context.moveTo(x - 4, at.y + 16)
      context.lineTo(x + 4, at.y + 16)
      context.stroke()
      context.restore()
    }
  }

  /** Numbers on edges where there is room for them: always on those in question, on all of a small map. */
  #edgeLabels(scene: Scene, look: Look, near: Near, space: LabelSpace, place: (x: number, y: number) => { x: number; y: number }): void {
    const { context } = this
    const { camera, palette, width, height } = look
    for (const each of scene.edges.values()) {
      if (each.health === 'bad' || each.health === 'warn') {
        const cross = pointOn(each.curve, 0.5)
        const at = place(cross.x, cross.y)
        space.take(at.x - 9 * camera.zoom, at.y - 9 * camera.zoom, 18 * camera.zoom, 18 * camera.zoom, true)
      }
    }
    const all = near === null && scene.edges.size <= 60 && camera.zoom >= 0.85
    if (!all && near === null) {
      return
    }
    context.font = `500 10.5px ${Font}`
    const order = [...scene.edges.values()].filter(each => (near ? near.has(each.edge.id) : each.rate > 0)).sort((a, b) => b.goal - a.goal)
    for (const each of order.slice(0, 80)) {
      const failing = each.health === 'bad' || each.health === 'warn'
      // On a short one the cross and the numbers have room only one under the other.
      const short = failing && curveLength(each.curve) * camera.zoom < 190
      const spot = pointOn(each.curve, failing && !short ? 0.72 : 0.5)
      const at = place(spot.x, spot.y)
      at.y += short ? 10 * camera.zoom + 11 : 0
      if (at.x < 0 || at.x > width || at.y < 0 || at.y > height) {
        continue
      }
      const text = each.rate > 0 ? rateText(each.rate) : `:${each.edge.ports[0] ?? ''}`
      const wide = space.measure(context, text)
      if (!space.take(at.x - wide / 2 - 5, at.y - 9, wide + 10, 17, is(look.selected, 'edge', each.edge.id) || is(look.hover, 'edge', each.edge.id))) {
        continue
      }
      context.globalAlpha = 0.92
      context.fillStyle = palette.ground
      context.beginPath()
      context.roundRect(at.x - wide / 2 - 4, at.y - 7.5, wide + 8, 15, 5)
      context.fill()
      context.globalAlpha = 1
      context.fillStyle = failing ? palette.edge[each.health] : palette.muted
      context.fillText(text, at.x - wide / 2, at.y + 3.8)
    }
  }
}

interface SecondLine {
  text: string
  x: number
  top: number
  must: boolean
  alpha: number
}

function titleOf(group: string): string {
  return group === '~rest' ? 'not shown' : group === Dialling ? 'external clients' : namespaceOf(group)
}

/** @param whole There is room for how many workloads, too; the square itself says it. */
function secondLine({ node, rate }: SceneNode, whole: boolean): string {
  const traffic = rate > 0 ? rateText(rate) : 'idle'
  return node.type === 'namespace' && whole ? `${plural(node.workloads, 'workload')} · ${traffic}` : traffic
}
