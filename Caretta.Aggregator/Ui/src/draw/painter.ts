import { EdgePainter } from './edges'
import type { LabelSpace } from './labels'
import { neighbourhood, type Look } from './look'
import { NodePainter } from './nodes'
import type { Scene } from './scene'
import { Writing } from './writing'

/** Draws a scene as it is now. All of it each time: at the few hundred things that a level of detail shows that is cheaper than keeping book. */
export class Painter {
  /** Where names and numbers are, in the window's pixels. */
  written: LabelSpace['taken'] = []
  readonly #nodes: NodePainter
  readonly #edges: EdgePainter
  readonly #writing: Writing

  constructor(private readonly context: CanvasRenderingContext2D) {
    this.#nodes = new NodePainter(context)
    this.#edges = new EdgePainter(context)
    this.#writing = new Writing(context)
  }

  paint(scene: Scene, look: Look): void {
    const { context } = this
    const { camera, width, height, ratio, palette } = look
    const near = neighbourhood(scene, look.hover ?? look.selected)
    context.setTransform(ratio, 0, 0, ratio, 0, 0)
    context.fillStyle = palette.ground
    context.fillRect(0, 0, width, height)
    const scale = ratio * camera.zoom
    context.setTransform(scale, 0, 0, scale, (width / 2 - camera.x * camera.zoom) * ratio, (height / 2 - camera.y * camera.zoom) * ratio)
    this.#nodes.frames(scene, look)
    this.#edges.paint(scene, look, near)
    this.#nodes.paint(scene, look, near)
    context.setTransform(ratio, 0, 0, ratio, 0, 0)
    this.written = this.#writing.paint(scene, look, near)
  }
}
