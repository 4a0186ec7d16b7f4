import { curveBetween, pointOn, UsualBend } from './curve'
import type { Scene, SceneEdge, SceneNode } from './scene'

const Bends = [UsualBend, -UsualBend, 0.26, -0.26, 0.02, 0.42, -0.42, 0.6]
const Samples = 14
/** Above, an edge more or less behind a disc is not what makes it hard to read. */
const MostEdges = 200

/** For each edge the least bend that takes it past other discs and their names. */
export function route(scene: Scene): void {
  if (scene.edges.size > MostEdges) {
    return
  }
  const nodes = [...scene.nodes.values()]
  const order = [...scene.edges.values()].sort((a, b) => (a.edge.id < b.edge.id ? -1 : 1))
  const chosen = new Map<string, number>()
  for (const each of order) {
    const opposite = chosen.get(`${each.edge.to} ${each.edge.from}`)
    let least = Infinity
    for (const bend of Bends) {
      // Two that go there and back would lie on each other.
      const sum = (opposite === -bend ? 3 : 0) + Math.abs(bend) * 2.2 + hits(each, bend, nodes)
      if (sum < least) {
        least = sum
        each.bend = bend
      }
    }
    chosen.set(`${each.edge.from} ${each.edge.to}`, each.bend)
  }
}

function hits({ from, to }: SceneEdge, bend: number, nodes: SceneNode[]): number {
  const disc = ({ goal, radius }: SceneNode) => ({ x: goal.x, y: goal.y, radius })
  const curve = curveBetween(disc(from), disc(to), bend)
  let sum = 0
  for (const node of nodes) {
    const own = node === from || node === to
    let inDisc = false
    let inName = false
    for (let step = own ? 2 : 1; step < Samples - (own ? 1 : 0); step++) {
      const { x, y } = pointOn(curve, step / Samples)
      const dx = x - node.goal.x
      const dy = y - node.goal.y
      inDisc ||= !own && Math.hypot(dx, dy) < node.radius + 8
      inName ||= Math.abs(dx) < 46 && dy > node.radius && dy < node.radius + 32
    }
    sum += (inDisc ? 2 : 0) + (inName ? (own ? 0.25 : 0.7) : 0)
  }
  return sum
}
