import type { MapAnswer, MapDelta } from './types'

/** The answer as of the delta. Order is kept and what is new comes last, so that nothing on the page changes places. */
export function applyDelta(map: MapAnswer, delta: MapDelta): MapAnswer {
  return {
    ...map,
    at: delta.at,
    complete: delta.complete,
    members: delta.members,
    totals: delta.totals,
    left: delta.left,
    nodes: merge(map.nodes, delta.nodes, delta.goneNodes),
    edges: merge(map.edges, delta.edges, delta.goneEdges),
  }
}

function merge<T extends { id: string }>(held: T[], changed: T[], gone: string[]): T[] {
  if (changed.length === 0 && gone.length === 0) {
    return held
  }
  const byId = new Map(held.map(item => [item.id, item]))
  for (const id of gone) {
    byId.delete(id)
  }
  for (const item of changed) {
    byId.set(item.id, item)
  }
  return [...byId.values()]
}
