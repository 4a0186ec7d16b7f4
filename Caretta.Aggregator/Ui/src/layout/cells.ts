/** A place in a group's grid. Odd rows are shifted by half a column, so that an edge along a row's neighbours passes between, not through. */
export interface Cell {
  col: number
  row: number
}

export interface Point {
  x: number
  y: number
}

export const CellWidth = 138
export const CellHeight = 104

export function cellPoint({ col, row }: Cell): Point {
  return { x: (col + (row & 1) / 2) * CellWidth, y: row * CellHeight }
}

export function cellKey({ col, row }: Cell): string {
  return `${col},${row}`
}

/** Cells enough for so many nodes, around (0,0), nearest first: a wide block rather than a square, as screens are. */
export function block(nodes: number): Cell[] {
  const reach = Math.ceil(Math.sqrt(nodes)) + 2
  const cells: (Cell & { far: number })[] = []
  for (let row = -reach; row <= reach; row++) {
    for (let col = -reach - 1; col <= reach + 1; col++) {
      const { x, y } = cellPoint({ col, row })
      // A superellipse: nearly a rectangle, so that the group's box is well filled.
      cells.push({ col, row, far: Math.pow(Math.abs(x / 1.7), 4) + Math.pow(Math.abs(y), 4) })
    }
  }
  cells.sort((a, b) => a.far - b.far || a.row - b.row || a.col - b.col)
  return cells.slice(0, nodes).map(({ col, row }) => ({ col, row }))
}
