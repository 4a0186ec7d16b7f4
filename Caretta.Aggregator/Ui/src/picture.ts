import type { MapAnswer } from './api/types'
import { Arrangement, type Arranged } from './arrangement'
import type { MapView } from './draw/mapView'
import { ScreenRatio } from './layout/groups'
import { Thinker } from './layout/thinker'
import type { View } from './state/view'

/** With the margins around it, in windows that are wide enough for a map beside it, and in others. */
const PanelWidth = 392
const SmallPanelWidth = 332
const WideEnough = 1000

export interface Looking {
  readonly view: View
  /** A panel lies over a part of the canvas. */
  readonly covered: boolean
  /** The map is on the canvas. */
  drawn(map: MapAnswer): void
}

/** What stands where on the canvas, and which part of it is in sight. */
export class Picture {
  readonly #thinker = new Thinker()
  readonly #arrangement = new Arrangement(task => this.#thinker.think(task), arranged => this.#show(arranged), screenRatio)
  #seen = false
  #tidying = false

  /** @param calm Nothing glides. */
  constructor(private readonly canvas: MapView, private readonly calm: boolean, private readonly looking: Looking) {}

  told(map: MapAnswer): void {
    this.#arrangement.arrange(map, this.looking.view)
  }

  /** Others make room for the namespace that is opened or closed next. */
  makeRoomFor(namespace: string): void {
    this.#arrangement.makeRoomFor(namespace)
  }

  tidy(map: MapAnswer): void {
    this.#tidying = true
    this.#arrangement.forget(this.looking.view)
    this.told(map)
  }

  /** What a panel would cover moves aside, unless somebody has chosen what to see. */
  inset(): void {
    const { canvas, looking } = this
    const narrow = window.innerWidth < 720
    const before = canvas.inset
    canvas.inset = { top: 12, right: looking.covered && !narrow ? (this.#beside ? PanelWidth : SmallPanelWidth) : 0, bottom: looking.covered && narrow ? window.innerHeight * 0.42 : 34, left: 0 }
    // In a small window what is left beside the panel is too little for all of it: only what was chosen comes into sight.
    if (looking.covered && !narrow && !this.#beside) {
      if (before.right !== canvas.inset.right && looking.view.select) {
        canvas.follow(looking.view.select)
      }
    } else if (looking.view.camera === null && (before.right !== canvas.inset.right || before.bottom !== canvas.inset.bottom)) {
      canvas.fit()
    }
  }

  get #beside(): boolean {
    return window.innerWidth >= WideEnough
  }

  #show({ map, layout, changed, another, pivot }: Arranged): void {
    const { canvas } = this
    const { camera } = this.looking.view
    const first = !this.#seen
    this.#seen = true
    canvas.show(map, layout, !first && !another && !this.calm, changed)
    this.inset()
    if (first || another) {
      if (camera) {
        canvas.moveTo(camera)
      } else {
        canvas.fit(undefined, false)
      }
    } else if (changed && pivot && camera) {
      canvas.reveal(pivot)
    } else if (changed && (camera === null || this.#tidying)) {
      canvas.fit()
    }
    this.#tidying = false
    this.looking.drawn(map)
  }
}

/** Of two kinds only: the picture of a window is not to depend on how far somebody has opened it. */
function screenRatio(): number {
  return window.innerWidth < window.innerHeight * 0.8 ? 0.6 : ScreenRatio
}
