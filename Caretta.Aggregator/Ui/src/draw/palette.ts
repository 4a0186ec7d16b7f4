import type { Health } from './scales'

export interface Palette {
  ground: string
  grid: string
  text: string
  muted: string
  halo: string
  accent: string
  edge: Record<Health, string>
  bad: string
  warn: string
  nodeInk: string
  hues: { lightness: number; chroma: number }
  frame: { fill: number; line: number }
  chip: string
}

export const Dark: Palette = {
  ground: '#0c1113',
  grid: '#151d20',
  text: '#e7eff0',
  muted: '#93a6ab',
  halo: '#0c1113',
  accent: '#5fdcc3',
  edge: { idle: '#5f737a', good: '#6fa9b3', warn: '#f0b24a', bad: '#ff6f61' },
  bad: '#ff6f61',
  warn: '#f0b24a',
  nodeInk: '#0c1113',
  hues: { lightness: 0.76, chroma: 0.075 },
  frame: { fill: 0.055, line: 0.2 },
  chip: '#1a2327',
}

export const Light: Palette = {
  ground: '#f5f7f6',
  grid: '#e9eeec',
  text: '#15201f',
  muted: '#566a6e',
  halo: '#f5f7f6',
  accent: '#0b7f6d',
  edge: { idle: '#9fb0b3', good: '#5c93a0', warn: '#c27a0c', bad: '#d0342a' },
  bad: '#d0342a',
  warn: '#b26a00',
  nodeInk: '#ffffff',
  hues: { lightness: 0.56, chroma: 0.085 },
  frame: { fill: 0.06, line: 0.22 },
  chip: '#ffffff',
}

// Greens to violets: red and amber are kept for what fails.
const Hues = [195, 255, 160, 300, 225, 140, 275, 178, 320, 240, 210, 288]

/** The same namespace has the same colour everywhere. */
export function hueOf(group: string): number {
  let hash = 2166136261
  for (let i = 0; i < group.length; i++) {
    hash = Math.imul(hash ^ group.charCodeAt(i), 16777619)
  }
  return Hues[(hash >>> 0) % Hues.length]!
}

export function toneOf(palette: Palette, group: string, alpha = 1): string {
  if (group === 'external' || group.startsWith('~')) {
    return `oklch(${palette.hues.lightness} 0.012 220 / ${alpha})`
  }
  return `oklch(${palette.hues.lightness} ${palette.hues.chroma} ${hueOf(group)} / ${alpha})`
}
