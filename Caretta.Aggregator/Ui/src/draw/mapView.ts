import type { MapAnswer } from '../api/types'
import type { Layout } from '../layout/layout'
import type { Camera } from '../state/view'
import type { Point } from '../layout/cells'
import { Flow } from './flow'
import { Painter } from './painter'
import type { Palette } from './palette'
import { Scene, toWorld, type Item, type SceneEdge } from './scene'

export interface MapEvents {
  pick(item: Item | null): void
  /** The other button: details, also of what a click opens. */
  ask(item: Item): void
  hover(item: Item | null, at: Point): void
  moved(camera: Camera): void
  resized(): void
}

const Closest = 2.6
const Farthest = 0.05
const Rest = 160

/** The canvas: paints when something changed, and only then (the dots of the flow have a layer of their own). */
export class MapView {
  readonly scene = new Scene()
  readonly element = document.createElement('div')
  camera: Camera = { x: 0, y: 0, zoom: 1 }
  selected: Item | null = null
  current: Item | null = null
  appeared: ReadonlySet<string> = new Set()
  motion = true
  /** What lies over the canvas and hides a part of it. */
  inset = { top: 12, right: 0, bottom: 34, left: 0 }
  readonly #base = document.createElement('canvas')
  readonly #over = document.createElement('canvas')
  readonly #painter: Painter
  readonly #flow: Flow
  #hover: Item | null = null
  #dirty = true
  #goal: Camera | null = null
  #frame = 0
  #last = 0
  #moving = 0
  #width = 0
  #height = 0
  #ratio = 1
  #pointers = new Map<number, Point>()
  #pressed: Point | null = null
  #dragged = false

  constructor(public palette: Palette, private readonly events: MapEvents) {
    this.element.className = 'canvas'
    this.element.tabIndex = 0
    this.element.append(this.#base, this.#over)
    this.#painter = new Painter(this.#base.getContext('2d', { alpha: false })!)
    this.#flow = new Flow(this.#over.getContext('2d')!)
    new ResizeObserver(() => this.#resize()).observe(this.element)
    this.#listen()
    document.addEventListener('visibilitychange', () => this.repaint())
  }

  show(map: MapAnswer, layout: Layout, glide: boolean, moved: boolean): void {
    this.scene.update(map, layout, glide)
    if (moved) {
      this.scene.reroute()
    }
    if (!glide) {
      this.scene.settle()
    }
    this.repaint()
  }

  repaint(): void {
    this.#dirty = true
    if (this.#frame === 0 && !document.hidden) {
      this.#frame = requestAnimationFrame(time => this.#draw(time))
    }
  }

  /** All of it, or these nodes, in the part of the canvas that nothing lies over. */
  fit(ids?: Iterable<string>, glide = true): void {
    const bounds = this.scene.bounds(ids)
    if (bounds) {
      this.#frameBox(bounds, ids ? 1.15 : 1.25, glide)
    }
  }

  /** Brings a group into sight if it is not. */
  reveal(id: string): void {
    const group = this.scene.groups.get(id)?.goal
    if (!group) {
      return
    }
    const { zoom } = this.camera
    const from = toWorld(this.camera, this.#width, this.#height, { x: this.inset.left, y: this.inset.top })
    const to = { x: from.x + (this.#width - this.inset.left - this.inset.right) / zoom, y: from.y + (this.#height - this.inset.top - this.inset.bottom) / zoom }
    const inside = group.x >= from.x && group.y >= from.y && group.x + group.width <= to.x && group.y + group.height <= to.y
    if (!inside || zoom < 0.6) {
      this.#frameBox(group, 1.1, true)
    }
  }

  moveTo(camera: Camera, glide = false): void {
    if (glide && !matchMedia('(prefers-reduced-motion: reduce)').matches) {
      this.#goal = camera
    } else {
      this.#goal = null
      this.camera = camera
    }
    this.repaint()
  }

  zoomBy(factor: number, at: Point = { x: this.#width / 2, y: this.#height / 2 }): void {
    const zoom = Math.min(Closest, Math.max(Farthest, this.camera.zoom * factor))
    const before = toWorld(this.camera, this.#width, this.#height, at)
    this.#goal = null
    this.camera = { ...this.camera, zoom }
    const after = toWorld(this.camera, this.#width, this.#height, at)
    this.camera = { x: this.camera.x + before.x - after.x, y: this.camera.y + before.y - after.y, zoom }
    this.#settled()
  }

  panBy(dx: number, dy: number): void {
    this.#goal = null
    this.camera = { ...this.camera, x: this.camera.x + dx / this.camera.zoom, y: this.camera.y + dy / this.camera.zoom }
    this.#settled()
  }

  /** Pans as little as it takes to see the node. */
  follow(id: string): void {
    const edge = this.scene.edges.get(id)
    if (edge) {
      this.#see([edge.edge.from, edge.edge.to])
      return
    }
    const node = this.scene.nodes.get(id)
    if (!node) {
      return
    }
    const { x, y, zoom } = this.camera
    const sx = (node.goal.x - x) * zoom + this.#width / 2
    const sy = (node.goal.y - y) * zoom + this.#height / 2
    const inX = sx < this.inset.left + 60 || sx > this.#width - this.inset.right - 60
    const inY = sy < this.inset.top + 40 || sy > this.#height - this.inset.bottom - 60
    if (inX || inY) {
      this.moveTo({ x: node.goal.x + (this.inset.right - this.inset.left) / 2 / zoom, y: node.goal.y + (this.inset.bottom - this.inset.top) / 2 / zoom, zoom }, true)
    }
  }

  /** All of these in sight: as they are if they fit, from further away if not. */
  #see(ids: string[]): void {
    const outside = ids.some(id => {
      const { goal } = this.scene.nodes.get(id)!
      const x = (goal.x - this.camera.x) * this.camera.zoom + this.#width / 2
      const y = (goal.y - this.camera.y) * this.camera.zoom + this.#height / 2
      return x < this.inset.left + 40 || x > this.#width - this.inset.right - 40 || y < this.inset.top + 30 || y > this.#height - this.inset.bottom - 40
    })
    if (outside) {
      this.#frameBox(this.scene.bounds(ids)!, this.camera.zoom, true)
    }
  }

  #frameBox(box: { x: number; y: number; width: number; height: number }, most: number, glide: boolean): void {
    const { top, right, bottom, left } = this.inset
    const width = Math.max(80, this.#width - left - right - 32)
    const height = Math.max(80, this.#height - top - bottom - 24)
    const zoom = Math.max(Farthest, Math.min(most, width / box.width, height / box.height))
    this.moveTo({ x: box.x + box.width / 2 + (right - left) / 2 / zoom, y: box.y + box.height / 2 + (bottom - top) / 2 / zoom, zoom }, glide)
  }

  #draw(time: number): void {
    this.#frame = 0
    const passed = Math.min(64, time - this.#last)
    this.#last = time
    this.scene.seenAt(this.camera.zoom)
    let more = this.scene.step(passed)
    if (this.#goal) {
      more = this.#glide(passed) || more
    }
    if (this.#dirty || more) {
      this.#dirty = false
      this.#painter.paint(this.scene, {
        camera: this.camera, width: this.#width, height: this.#height, ratio: this.#ratio, palette: this.palette, hover: this.#hover, selected: this.selected,
        current: this.current, appeared: this.appeared, moving: this.#moving !== 0,
      })
    }
    const flows = this.motion && Flow.wanted(this.scene)
    if (flows && this.#pointers.size === 0) {
      this.#flow.paint(this.scene, this.camera, this.palette, this.#width, this.#height, this.#ratio, time, edge => this.#lit(edge), this.#painter.written)
    } else {
      this.#flow.clear(this.#width, this.#height, this.#ratio)
    }
    if ((more || flows) && this.#frame === 0 && !document.hidden) {
      this.#frame = requestAnimationFrame(next => this.#draw(next))
    }
  }

  #lit({ edge }: SceneEdge): boolean {
    const item = this.#hover ?? this.selected
    return item === null || item.type === 'group' || item.type === 'fold' || [edge.id, edge.from, edge.to].includes(item.id)
  }

  #glide(passed: number): boolean {
    const goal = this.#goal!
    const part = 1 - Math.exp(-passed / 110)
    const { x, y, zoom } = this.camera
    const done = Math.abs(goal.zoom / zoom - 1) < 0.002 && Math.hypot(goal.x - x, goal.y - y) * zoom < 0.5
    this.camera = done ? goal : { x: x + (goal.x - x) * part, y: y + (goal.y - y) * part, zoom: zoom * Math.pow(goal.zoom / zoom, part) }
    this.#goal = done ? null : goal
    return !done
  }

  #settled(): void {
    window.clearTimeout(this.#moving)
    this.#moving = window.setTimeout(() => {
      this.#moving = 0
      this.repaint()
    }, Rest)
    this.repaint()
    this.events.moved(this.camera)
  }

  #resize(): void {
    const { clientWidth, clientHeight } = this.element
    this.#width = clientWidth
    this.#height = clientHeight
    this.#ratio = Math.min(2, window.devicePixelRatio || 1)
    for (const canvas of [this.#base, this.#over]) {
      canvas.width = Math.round(clientWidth * this.#ratio)
      canvas.height = Math.round(clientHeight * this.#ratio)
    }
    this.events.resized()
    this.repaint()
  }

  get size(): { width: number; height: number } {
    return { width: this.#width, height: this.#height }
  }

  #listen(): void {
    const { element } = this
    element.addEventListener('wheel', event => {
      event.preventDefault()
      const pinch = event.ctrlKey ? 3 : 1
      this.zoomBy(Math.exp(-event.deltaY * (event.deltaMode === 1 ? 0.05 : 0.0016) * pinch), this.#local(event))
    }, { passive: false })
    element.addEventListener('contextmenu', event => {
      event.preventDefault()
      const item = this.scene.at(toWorld(this.camera, this.#width, this.#height, this.#local(event)), this.camera.zoom)
      if (item) {
        this.events.ask(item)
      }
    })
    element.addEventListener('pointerdown', event => {
      if (event.button !== 0) {
        return
      }
      element.setPointerCapture(event.pointerId)
      this.#pointers.set(event.pointerId, this.#local(event))
      this.#pressed = this.#local(event)
      this.#dragged = this.#pointers.size > 1
    })
    element.addEventListener('pointermove', event => this.#move(event))
    element.addEventListener('pointerup', event => this.#up(event))
    element.addEventListener('pointercancel', event => this.#pointers.delete(event.pointerId))
    element.addEventListener('pointerleave', () => this.#point(null, { x: 0, y: 0 }))
  }

  #move(event: PointerEvent): void {
    const now = this.#local(event)
    const before = this.#pointers.get(event.pointerId)
    if (!before) {
      this.#point(this.scene.at(toWorld(this.camera, this.#width, this.#height, now), this.camera.zoom), now)
      return
    }
    const other = [...this.#pointers].find(([id]) => id !== event.pointerId)?.[1]
    this.#pointers.set(event.pointerId, now)
    if (other) {
      this.#dragged = true
      const middle = { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 }
      this.zoomBy(distance(now, other) / (distance(before, other) || 1), middle)
      this.panBy((before.x - now.x) / 2, (before.y - now.y) / 2)
    } else if (this.#dragged || (this.#pressed && distance(now, this.#pressed) > 4)) {
      this.#dragged = true
      this.element.classList.add('dragging')
      this.panBy(before.x - now.x, before.y - now.y)
    }
  }

  #up(event: PointerEvent): void {
    if (!this.#pointers.delete(event.pointerId) || this.#pointers.size > 0) {
      return
    }
    this.element.classList.remove('dragging')
    if (!this.#dragged) {
      this.events.pick(this.scene.at(toWorld(this.camera, this.#width, this.#height, this.#local(event)), this.camera.zoom))
    }
    this.#dragged = false
    this.#pressed = null
    this.repaint()
  }

  #point(item: Item | null, at: Point): void {
    if (item?.id !== this.#hover?.id || item?.type !== this.#hover?.type) {
      this.#hover = item
      this.element.classList.toggle('pointing', item !== null)
      this.repaint()
    }
    this.events.hover(item, at)
  }

  #local(event: MouseEvent): Point {
    const box = this.element.getBoundingClientRect()
    return { x: event.clientX - box.left, y: event.clientY - box.top }
  }
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y)
}
