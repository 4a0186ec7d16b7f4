import { pointOn } from './curve'
import { is, type Look, type Near } from './look'
import type { Palette } from './palette'
import { edgeAlpha } from './scales'
import type { Scene, SceneEdge } from './scene'

/** Lines with arrows; a broken one with a cross is one that fails. */
export class EdgePainter {
  constructor(private readonly context: CanvasRenderingContext2D) {}

  paint(scene: Scene, look: Look, near: Near): void {
    // Of many the busiest speak; the scene has them last.
    const many = scene.edges.size > 150
    let rank = 0
    for (const edge of scene.edges.values()) {
      rank++
      const share = many ? 0.07 + 0.68 * Math.pow(rank / scene.edges.size, 5) : null
      if (share === null || share > 0.1 || !look.moving || edge.health === 'bad' || edge.health === 'warn') {
        this.#edge(edge, look, near, share)
      }
    }
  }

  #edge(each: SceneEdge, look: Look, near: Near, share: number | null): void {
    const { context } = this
    const { palette } = look
    const lit = near !== null && near.has(each.edge.id)
    const chosen = is(look.selected, 'edge', each.edge.id) || is(look.current, 'edge', each.edge.id) || is(look.hover, 'edge', each.edge.id)
    const failing = each.health === 'bad' || each.health === 'warn'
    const base = failing ? (share === null ? 0.9 : 0.75) : (share ?? edgeAlpha(each.rate))
    const alpha = near === null ? base : lit ? Math.max(base, 0.85) : base * 0.16
    const { x1, y1, cx, cy, x2, y2 } = each.curve
    const fresh = look.appeared.has(each.edge.id)
    context.globalAlpha = alpha
    context.strokeStyle = (fresh || chosen) && !failing ? palette.accent : palette.edge[each.health]
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
}
