/** Signs of kinds, in a square of 16 around (0,0); drawn as lines. */
const Paths: Record<string, string> = {
  Deployment: 'M-5.5 -2.5 L0 -5.5 L5.5 -2.5 L0 .5 Z M-5.5 .8 L0 3.8 L5.5 .8',
  ReplicaSet: 'M-5.5 -2.5 L0 -5.5 L5.5 -2.5 L0 .5 Z M-5.5 .8 L0 3.8 L5.5 .8',
  StatefulSet: 'M-5 -3.6 C-5 -5.8 5 -5.8 5 -3.6 V3.6 C5 5.8 -5 5.8 -5 3.6 Z M-5 -3.6 C-5 -1.6 5 -1.6 5 -3.6 M-5 0 C-5 2 5 2 5 0',
  DaemonSet: 'M-5 -5 H-1 V-1 H-5 Z M1 -5 H5 V-1 H1 Z M-5 1 H-1 V5 H-5 Z M1 1 H5 V5 H1 Z',
  Job: 'M-3 -5 L5 0 L-3 5 Z',
  CronJob: 'M5.4 0 A5.4 5.4 0 1 1 -5.4 0 A5.4 5.4 0 1 1 5.4 0 M0 -3 V0 L2.4 1.6',
  Pod: 'M0 -5.6 L5 -2.8 V2.8 L0 5.6 L-5 2.8 V-2.8 Z',
  Service: 'M-5 0 H5 M0 -5 V5 M-3.6 -3.6 L3.6 3.6 M3.6 -3.6 L-3.6 3.6',
  node: 'M-5 -4.6 H5 V-.6 H-5 Z M-5 .8 H5 V4.8 H-5 Z M-3 -2.6 H-2.6 M-3 2.8 H-2.6',
  external: 'M5.6 0 A5.6 5.6 0 1 1 -5.6 0 A5.6 5.6 0 1 1 5.6 0 M-5.6 0 H5.6 M0 -5.6 C-3.4 -2 -3.4 2 0 5.6 C3.4 2 3.4 -2 0 -5.6',
  process: 'M-5 -3.4 L-1.4 0 L-5 3.4 M.6 3.8 H5',
  unit: 'M-5.4 0 H-2 M2 0 H5.4 M0 -5.4 V-2 M0 2 V5.4 M2.4 0 A2.4 2.4 0 1 1 -2.4 0 A2.4 2.4 0 1 1 2.4 0',
  container: 'M0 -5.6 L5 -2.8 V2.8 L0 5.6 L-5 2.8 V-2.8 Z M-5 -2.8 L0 0 L5 -2.8 M0 0 V5.6',
  Namespace: 'M-5.4 -2 V-5 H-2 M2 -5 H5.4 V-2 M5.4 2 V5 H2 M-2 5 H-5.4 V2 M-1.6 0 H1.6 M0 -1.6 V1.6',
  other: 'M-4 0 H-3.6 M-.2 0 H.2 M3.6 0 H4',
}

export function glyphOf(kind: string): string {
  return Paths[kind] ?? Paths[kind[0]?.toUpperCase() + kind.slice(1)] ?? Paths['other']!
}

const cache = new Map<string, Path2D>()

export function glyphPath(kind: string): Path2D {
  const path = glyphOf(kind)
  let held = cache.get(path)
  if (!held) {
    held = new Path2D(path)
    cache.set(path, held)
  }
  return held
}
