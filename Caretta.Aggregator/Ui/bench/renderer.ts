export interface Renderer {
  /** Milliseconds that placing the nodes took. */
  layout: number
  move?(dx: number, dy: number, zoom: number): void
}
