import { glyphPath } from './glyphs'
import { Font, is, type Look, type Near } from './look'
import { toneOf, type Palette } from './palette'
import type { Scene, SceneGroup, SceneNode } from './scene'

/** Frames of open namespaces, and the discs and squares in and between them. */
export class NodePainter {
  constructor(private readonly context: CanvasRenderingContext2D) {}

  frames(scene: Scene, look: Look): void {
    for (const group of scene.groups.values()) {
      this.#frame(group, look)
    }
  }

  paint(scene: Scene, look: Look, near: Near): void {
    for (const node of scene.nodes.values()) {
      this.#node(node, look, near)
    }
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

  #node(each: SceneNode, look: Look, near: Near): void {
    const { context } = this
    const { palette } = look
    const { node, x, y, radius } = each
    const dim = near !== null && !near.has(node.id)
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
      context.fillStyle = palette.edge[each.failing]
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
}

function shape(context: CanvasRenderingContext2D, { node, x, y }: SceneNode, radius: number): void {
  context.beginPath()
  if (node.type === 'namespace') {
    context.roundRect(x - radius, y - radius, radius * 2, radius * 2, radius * 0.42)
  } else {
    context.arc(x, y, radius, 0, Math.PI * 2)
  }
}
