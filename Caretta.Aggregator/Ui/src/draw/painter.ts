import { rate as rateText, plural } from '../format'
import type { Camera } from '../state/view'
import { glyphPath } from './glyphs'
import { LabelSpace } from './labels'
import { toneOf, type Palette } from './palette'
import { Dialling, namespaceOf } from '../layout/layout'
import { pointOn } from './curve'
import { edgeAlpha } from './scales'
import type { Item, Scene, SceneEdge, SceneGroup, SceneNode } from './scene'

export interface Look {
  camera: Camera
  width: number
  height: number
  ratio: number
  palette: Palette
  hover: Item | null
  selected: Item | null
  /** Where the keyboard is. */
  current: Item | null
  appeared: ReadonlySet<string>
  /** Under the hand: what is too faint to be followed waits until it rests. */
  moving: boolean
}

const Font = "'Inter Variable', system-ui, sans-serif"

/** Draws a scene as it is now. All of it each time: at the few hundred things that a level of detail shows that is cheaper than keeping book. */
export class Painter {
  /** Where names and numbers are, in the window's pixels. */
  written: LabelSpace['taken'] = []
  #near: Set<string> | null = null

  constructor(private readonly context: CanvasRenderingContext2D) {}

  paint(scene: Scene, look: Look): void {
    const { context } = this
    const { camera, width, height, ratio, palette } = look
    this.#near = neighbourhood(scene, look.hover ?? look.selected)
    context.setTransform(ratio, 0, 0, ratio, 0, 0)
    context.fillStyle = palette.ground
    context.fillRect(0, 0, width, height)
    const scale = ratio * camera.zoom
    context.setTransform(scale, 0, 0, scale, (width / 2 - camera.x * camera.zoom) * ratio, (height / 2 - camera.y * camera.zoom) * ratio)
    for (const group of scene.groups.values()) {
      this.#frame(group, look)
    }
    // Of many the busiest speak; the scene has them last.
    const many = scene.edges.size > 150
    let rank = 0
    for (const edge of scene.edges.values()) {
      rank++
      const share = many ? 0.07 + 0.68 * Math.pow(rank / scene.edges.size, 5) : null
      if (share === null || share > 0.1 || !look.moving || edge.health === 'bad' || edge.health === 'warn') {
        this.#edge(edge, look, share)
      }
    }
    for (const node of scene.nodes.values()) {
      this.#node(node, look)
    }
    context.setTransform(ratio, 0, 0, ratio, 0, 0)
    this.#labels(scene, look)
  }

  #frame(group: SceneGroup, { palette, hover, camera }: Look): void {
    if (!group.open) {
      return
    }
    const { context } = this
    const lit = (hover?.type === 'group' || hover?.type === 'fold') && hover.id === group.id
    context.beginPath()
    context.roundRect(group.x, group.y, group.width, group.height, 18)
    context.fillStyle = toneOf(palette, group.id, palette.frame.fill * (lit ? 1.6 : 1))
    context.fill()
    context.lineWidth = 1 / Math.max(camera.zoom, 0.5)
    context.strokeStyle = toneOf(palette, group.id, palette.frame.line * (lit ? 2 : 1))
    context.stroke()
  }

  #edge(each: SceneEdge, look: Look, share: number | null): void {
    const { context } = this
    const { palette } = look
    const near = this.#near
    const lit = near !== null && near.has(each.edge.id)
    const chosen = is(look.selected, 'edge', each.edge.id) || is(look.current, 'edge', each.edge.id) || is(look.hover, 'edge', each.edge.id)
    const failing = each.health === 'bad' || each.health === 'warn'
    const base = failing ? (share === null ? 0.9 : 0.75) : (share ?? edgeAlpha(each.rate))
    const alpha = near === null ? base : lit ? Math.max(base, 0.85) : base * 0.16
    const { x1, y1, cx, cy, x2, y2 } = each.curve
    const fresh = look.appeared.has(each.edge.id)
    context.globalAlpha = alpha
    context.strokeStyle = fresh || chosen ? palette.accent : palette.edge[each.health]
    const width = (each.width + (chosen ? 1.5 : 0)) * (look.camera.zoom < 1 ? Math.pow(look.camera.zoom, -0.5) : 1)
    context.lineWidth = width
    // Failing is told by more than a colour: the line is broken.
    context.setLineDash(each.health === 'bad' ? [7, 4] : each.edge.type === 'rest' ? [2, 4] : [])
    const tip = 5 + width * 1.3
    const back = Math.hypot(x2 - cx, y2 - cy) || 1
    const ux = (x2 - cx) / back
    const uy = (y2 - cy) / back
    context.beginPath()
    context.moveTo(x1, y1)
    context.quadraticCurveTo(cx, cy, x2 - ux * tip * 0.8, y2 - uy * tip * 0.8)
    context.stroke()
    context.setLineDash([])
    context.fillStyle = context.strokeStyle
    context.globalAlpha = Math.min(1, alpha + 0.1)
    context.beginPath()
    context.moveTo(x2, y2)
    context.lineTo(x2 - ux * tip - uy * tip * 0.5, y2 - uy * tip + ux * tip * 0.5)
    context.lineTo(x2 - ux * tip + uy * tip * 0.5, y2 - uy * tip - ux * tip * 0.5)
    context.closePath()
    context.fill()
    if (failing && look.camera.zoom > 0.35) {
      this.#cross(each, palette, alpha)
    }
    context.globalAlpha = 1
  }

  #cross(each: SceneEdge, palette: Palette, alpha: number): void {
    const { context } = this
    const { x, y } = pointOn(each.curve, 0.5)
    context.globalAlpha = alpha
    context.fillStyle = palette.edge[each.health]
    context.beginPath()
    context.arc(x, y, 7.5, 0, Math.PI * 2)
    context.fill()
    context.strokeStyle = palette.nodeInk
    context.lineWidth = 1.8
    context.beginPath()
    if (each.health === 'bad') {
      context.moveTo(x - 2.6, y - 2.6)
      context.lineTo(x + 2.6, y + 2.6)
      context.moveTo(x + 2.6, y - 2.6)
      context.lineTo(x - 2.6, y + 2.6)
    } else {
      context.moveTo(x, y - 3.6)
      context.lineTo(x, y + 0.8)
      context.moveTo(x, y + 2.6)
      context.lineTo(x, y + 3.8)
    }
    context.stroke()
  }

  #node(each: SceneNode, look: Look): void {
    const { context } = this
    const { palette } = look
    const { node, x, y, radius } = each
    const dim = this.#near !== null && !this.#near.has(node.id)
    const chosen = is(look.selected, 'node', node.id)
    const current = is(look.current, 'node', node.id)
    context.globalAlpha = 1
    // The ground under the disc hides the edges that pass behind it, also when it is dimmed.
    shape(context, each, radius + 1.5)
    context.fillStyle = palette.ground
    context.fill()
    context.globalAlpha = dim ? 0.25 : 1
    const tone = toneOf(palette, each.group)
    shape(context, each, radius)
    if (node.external || node.type === 'rest') {
      context.fillStyle = toneOf(palette, each.group, 0.2)
      context.fill()
      context.setLineDash([3.5, 3])
      context.strokeStyle = tone
      context.lineWidth = 1.5
      context.stroke()
      context.setLineDash([])
    } else {
      context.fillStyle = tone
      context.fill()
    }
    if (node.type === 'namespace' && !node.external) {
      this.#countIn(each, palette)
    } else if (look.camera.zoom * radius > 6) {
      const size = radius / 11
      const kind = node.external ? 'external' : node.kind
      context.save()
      context.translate(x, y)
      context.scale(size, size)
      context.strokeStyle = node.external || node.type === 'rest' ? tone : palette.nodeInk
      context.lineWidth = 1.25
      context.lineJoin = context.lineCap = 'round'
      context.stroke(glyphPath(kind))
      context.restore()
    }
    if (each.failing) {
      context.beginPath()
      context.arc(x + radius * 0.74, y - radius * 0.74, 5, 0, Math.PI * 2)
      context.fillStyle = palette.bad
      context.fill()
      context.strokeStyle = palette.ground
      context.lineWidth = 2
      context.stroke()
    }
    if (chosen || current || is(look.hover, 'node', node.id)) {
      shape(context, each, radius + 5)
      context.strokeStyle = palette.accent
      context.lineWidth = chosen || current ? 2.5 : 1.5
      context.setLineDash(current && !chosen ? [4, 3] : [])
      context.stroke()
      context.setLineDash([])
    }
    context.globalAlpha = 1
  }

  /** A closed namespace shows how many workloads it holds. */
  #countIn({ node, x, y, radius }: SceneNode, palette: Palette): void {
    const { context } = this
    const text = String(node.workloads)
    context.font = `650 ${radius * (text.length > 3 ? 0.62 : 0.8)}px ${Font}`
    context.textAlign = 'center'
    context.fillStyle = palette.nodeInk
    context.fillText(text, x, y + radius * 0.28)
    context.textAlign = 'left'
  }

  #labels(scene: Scene, look: Look): void {
    const { context } = this
    const { camera, width, height, palette } = look
    const space = new LabelSpace(width, height)
    const place = (x: number, y: number) => ({ x: (x - camera.x) * camera.zoom + width / 2, y: (y - camera.y) * camera.zoom + height / 2 })
    context.textBaseline = 'alphabetic'
    context.lineJoin = 'round'

    for (const group of scene.groups.values()) {
      if (group.open) {
        this.#groupLabel(group, look, place(group.x, group.y), space)
      }
    }

    const size = camera.zoom >= 0.9 ? 12.5 : camera.zoom >= 0.45 ? 11.5 : 10.5
    const room = Math.max(84, 134 * Math.max(camera.zoom, 0.62))
    const first = (each: SceneNode) =>
      is(look.hover, 'node', each.node.id) || is(look.selected, 'node', each.node.id) || is(look.current, 'node', each.node.id) ? 2 : this.#near?.has(each.node.id) ? 1 : 0
    const order = [...scene.nodes.values()].sort((a, b) => first(b) - first(a) || b.goal.rate - a.goal.rate || (a.node.id < b.node.id ? -1 : 1))
    const seconds: SecondLine[] = []
    context.strokeStyle = palette.halo
    context.lineWidth = 3.5
    let named = 0
    for (const each of order) {
      const at = place(each.x, each.y)
      if (at.x < -80 || at.x > width + 80 || at.y < -60 || at.y > height + 60) {
        continue
      }
      const rank = first(each)
      if (rank === 0 && camera.zoom < 0.45 && named++ >= 26) {
        continue
      }
      context.font = `500 ${size}px ${Font}`
      const name = each.node.type === 'rest' ? plural(each.node.workloads, 'more', 'more') : each.node.name
      const text = rank === 2 ? name : space.shorten(context, name, room)
      const wide = space.measure(context, text)
      const top = at.y + each.radius * camera.zoom + 4
      if (!space.take(at.x - wide / 2 - 3, top, wide + 6, 15, rank === 2)) {
        continue
      }
      context.globalAlpha = this.#near !== null && rank === 0 ? 0.3 : 1
      context.strokeText(text, at.x - wide / 2, top + 11)
      context.fillStyle = palette.text
      context.fillText(text, at.x - wide / 2, top + 11)
      if (camera.zoom >= 0.72 || rank > 0) {
        seconds.push({ text: secondLine(each), x: at.x, top: top + 15, must: rank === 2, alpha: context.globalAlpha })
      }
    }
    this.#secondLines(seconds, palette, space)
    this.#edgeLabels(scene, look, space, place)
    this.written = space.taken
    context.globalAlpha = 1
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
    context.fillStyle = toneOf(palette, group.id)
    context.fillText(text, at.x + 14, at.y + 20)
    context.font = `450 11px ${Font}`
    context.fillStyle = palette.muted
    if (wide > measured + 90) {
      context.fillText(String(group.nodes), at.x + 14 + measured + 7, at.y + 20)
    }
    if (group.id !== '~rest') {
      const lit = look.hover?.type === 'fold' && look.hover.id === group.id
      const x = at.x + wide - 18
      context.strokeStyle = lit ? palette.accent : palette.muted
      context.lineWidth = 1.5
      context.beginPath()
      context.moveTo(x - 4, at.y + 16)
      context.lineTo(x + 4, at.y + 16)
      context.stroke()
    }
  }

  /** Numbers on edges where there is room for them: always on those in question, on all of a small map. */
  #edgeLabels(scene: Scene, look: Look, space: LabelSpace, place: (x: number, y: number) => { x: number; y: number }): void {
    const { context } = this
    const { camera, palette, width, height } = look
    const near = this.#near
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
      const spot = pointOn(each.curve, failing ? 0.72 : 0.5)
      const at = place(spot.x, spot.y)
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

function secondLine({ node, rate }: SceneNode): string {
  const traffic = rate > 0 ? rateText(rate) : 'idle'
  return node.type === 'namespace' ? `${plural(node.workloads, 'workload')} · ${traffic}` : traffic
}

function shape(context: CanvasRenderingContext2D, { node, x, y }: SceneNode, radius: number): void {
  context.beginPath()
  if (node.type === 'namespace') {
    context.roundRect(x - radius, y - radius, radius * 2, radius * 2, radius * 0.42)
  } else {
    context.arc(x, y, radius, 0, Math.PI * 2)
  }
}

function is(item: Item | null, type: Item['type'], id: string): boolean {
  return item !== null && item.type === type && item.id === id
}

/** What is in question and what it touches; the rest steps back. */
function neighbourhood(scene: Scene, item: Item | null): Set<string> | null {
  if (item === null || item.type === 'fold' || item.type === 'group') {
    return null
  }
  const near = new Set<string>()
  for (const { edge } of scene.edges.values()) {
    if (edge.id === item.id || (item.type === 'node' && (edge.from === item.id || edge.to === item.id))) {
      near.add(edge.id).add(edge.from).add(edge.to)
    }
  }
  if (item.type === 'node' && scene.nodes.has(item.id)) {
    near.add(item.id)
  }
  return near.size > 0 ? near : null
}
