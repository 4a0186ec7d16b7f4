import type { MapAnswer } from '../src/api/types'
import type { Renderer } from './renderer'

declare global {
  interface Window {
    measure(name: string, map: MapAnswer): Promise<{ layout: number; first: number; frames: number }>
  }
}

const renderers: Record<string, () => Promise<{ make(element: HTMLElement, map: MapAnswer): Promise<Renderer> }>> = {
  own: () => import('./own'),
  svg: () => import('./svg'),
  sigma: () => import('./sigma'),
  cytoscape: () => import('./cytoscape'),
  elk: () => import('./elk'),
}

const Seconds = 5

// Pans and zooms for some seconds, a step each frame; the frames that came are what a person would have seen.
window.measure = async (name, map) => {
  const { make } = await renderers[name]!()
  const from = performance.now()
  const renderer = await make(document.getElementById('map')!, map)
  await frame()
  const first = performance.now() - from
  let frames = 0
  const began = performance.now()
  while (renderer.move && performance.now() - began < Seconds * 1000) {
    const t = (performance.now() - began) / 1000
    renderer.move(Math.sin(t * 2) * 200, Math.cos(t * 1.5) * 120, 1 + 0.5 * Math.sin(t))
    await frame()
    frames++
  }
  return { layout: renderer.layout, first, frames: frames / Seconds }
}

function frame(): Promise<number> {
  return new Promise(done => requestAnimationFrame(done))
}
