/** Absolute scales: a kilobyte a second looks the same today and tomorrow, on this cluster and another, and the legend holds for all. */

const Floor = 100 // bytes/s; below it nothing is told apart
const Decades = 7 // up to 1 GB/s

/** 0 (nothing) to 1 (1 GB/s and more), logarithmic. */
export function weight(rate: number): number {
  return rate > 0 ? Math.min(1, Math.log10(1 + rate / Floor) / Decades) : 0
}

export function nodeRadius(rate: number): number {
  return 11 + 17 * weight(rate)
}

export function edgeWidth(rate: number): number {
  return 1 + 6 * weight(rate)
}

/** Idle edges step back, busy ones come forward. */
export function edgeAlpha(rate: number): number {
  return rate > 0 ? 0.34 + 0.56 * weight(rate) : 0.2
}

export type Health = 'idle' | 'good' | 'warn' | 'bad'

export interface Tried {
  rate: number
  openedRate: number
  failedRate: number
  active: number
}

/** Of the attempts to connect that ended lately, the share that failed. */
export function failedShare(tried: Pick<Tried, 'openedRate' | 'failedRate'>): number {
  return tried.failedRate > 0 ? tried.failedRate / (tried.failedRate + tried.openedRate) : 0
}

export function health(tried: Tried): Health {
  const share = failedShare(tried)
  if (share >= 0.2) {
    return 'bad'
  }
  // One in a hundred is the noise of any large cluster; the numbers tell it.
  if (share >= 0.01) {
    return 'warn'
  }
  return tried.rate > 0 || tried.active > 0 || tried.openedRate > 0 ? 'good' : 'idle'
}
