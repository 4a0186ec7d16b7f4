const widths = new Map<string, number>()
const MostWidths = 5_000

/** Labels are set in order of importance; one that would lie on another is left out. */
export class LabelSpace {
  readonly taken: [left: number, top: number, right: number, bottom: number][] = []

  constructor(readonly width: number, readonly height: number) {}

  /** Whether there is room; takes it if so, and without asking if it must be. */
  take(x: number, y: number, width: number, height: number, must = false): boolean {
    if (!must && this.taken.some(([left, top, right, bottom]) => x < right && x + width > left && y < bottom && y + height > top)) {
      return false
    }
    this.taken.push([x, y, x + width, y + height])
    return true
  }

  measure(context: CanvasRenderingContext2D, text: string): number {
    const key = context.font + text
    let width = widths.get(key)
    if (width === undefined) {
      if (widths.size > MostWidths) {
        widths.clear()
      }
      width = context.measureText(text).width
      widths.set(key, width)
    }
    return width
  }

  /** Cut in the middle: names of one team differ at their ends. */
  shorten(context: CanvasRenderingContext2D, text: string, room: number): string {
    const wide = this.measure(context, text)
    if (wide <= room || text.length < 8) {
      return text
    }
    const keep = Math.max(6, Math.floor((text.length * room) / wide) - 1)
    const head = Math.ceil(keep / 2)
    return `${text.slice(0, head)}…${text.slice(text.length - (keep - head))}`
  }
}
