import type { Camera } from '../state/view'
import { curveLength, pointOn } from './curve'
import type { LabelSpace } from './labels'
import type { Palette } from './palette'
import { weight } from './scales'
import type { Scene, SceneEdge } from './scene'

const MostEdges = 48
const FrameTime = 1000 / 24

/** Dots that travel along the busiest edges, on a canvas of their own: the map under them is not drawn again. */
export class Flow {
  #last = 0
  #painted = false

  constructor(private readonly context: CanvasRenderingContext2D) {}

  /** Only maps small enough to be read have it. */
  static wanted(scene: Scene): boolean {
    return scene.edges.size <= 160
  }

  paint(scene: Scene, camera: Camera, palette: Palette, width: number, height: number, ratio: number, now: number, lit: (edge: SceneEdge) => boolean, written: LabelSpace['taken']): void {
    if (now - this.#last < FrameTime) {
      return
    }
    this.#last = now
    this.#painted = true
    const { context } = this
    context.setTransform(ratio, 0, 0, ratio, 0, 0)
    context.clearRect(0, 0, width, height)
    const scale = ratio * camera.zoom
    context.setTransform(scale, 0, 0, scale, (width / 2 - camera.x * camera.zoom) * ratio, (height / 2 - camera.y * camera.zoom) * ratio)
    const busiest = [...scene.edges.values()].filter(each => each.rate > 0 && lit(each)).slice(-MostEdges)
    for (const each of busiest) {
      const share = weight(each.rate)
      const length = curveLength(each.curve)
      const trip = (length / (34 + 90 * share)) * 1000
      const dots = Math.max(1, Math.round((length / 150) * (0.5 + share * 1.6)))
      // Towards whom more flows.
      const back = each.edge.rateToClient > each.edge.rateToServer
      context.fillStyle = each.health === 'bad' || each.health === 'warn' ? palette.edge[each.health] : palette.text
      context.globalAlpha = 0.75
      for (let dot = 0; dot < dots; dot++) {
        const t = (now / trip + dot / dots) % 1
        const { x, y } = pointOn(each.curve, back ? 1 - t : t)
        context.beginPath()
        context.arc(x, y, 1.1 + 1.2 * share, 0, Math.PI * 2)
        context.fill()
      }
    }
    context.globalAlpha = 1
    // They pass under what is written.
    context.setTransform(ratio, 0, 0, ratio, 0, 0)
    written.forEach(([left, top, right, bottom]) => context.clearRect(left, top, right - left, bottom - top))
  }

  /** Costs nothing where nothing was painted: while a large map is moved that would be each frame. */
  clear(width: number, height: number, ratio: number): void {
    if (!this.#painted) {
      return
    }
    this.#painted = false
    this.context.setTransform(ratio, 0, 0, ratio, 0, 0)
    this.context.clearRect(0, 0, width, height)
  }
}
