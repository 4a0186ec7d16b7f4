import { edgeWidth, nodeRadius } from '../draw/scales'
import { rate } from '../format'
import { h, svg } from './dom'

/** What sizes, widths, colours and signs mean. */
export function legend(): HTMLElement {
  const sizes = [1e3, 1e6, 1e9]
  const nodes = svg('svg', { viewBox: '0 0 150 60', width: 150, height: 60, 'aria-hidden': 'true' },
    ...sizes.map((value, index) => svg('circle', { cx: 24 + index * 51, cy: 30, r: nodeRadius(value) * 0.85, class: 'legend-node' })))
  const edges = svg('svg', { viewBox: '0 0 150 20', width: 150, height: 20, 'aria-hidden': 'true' },
    ...sizes.map((value, index) => svg('line', { x1: 8 + index * 51, x2: 40 + index * 51, y1: 10, y2: 10, 'stroke-width': edgeWidth(value), class: 'legend-edge' })))
  const line = (state: string, label: string) => h('li', {}, svg('svg', { viewBox: '0 0 30 12', width: 30, height: 12, 'aria-hidden': 'true' },
    svg('line', { x1: 1, x2: 29, y1: 6, y2: 6, 'stroke-width': 2.6, class: `legend-${state}` })), label)
  const labels = () => h('div', { class: 'legend-labels' }, ...sizes.map(value => h('span', {}, rate(value))))
  return h('details', { class: 'legend' }, h('summary', {}, 'Legend'),
    h('div', { class: 'legend-body' }, h('p', {}, 'Workload, by traffic'), nodes, h('p', {}, 'Connection, by rate; the arrow points at the server'), edges, labels(),
      h('ul', {}, line('good', 'traffic or open connections'), line('idle', 'idle'), line('warn', 'one in a hundred fails'), line('bad', 'one in five fails')),
      h('p', {}, 'Dots run where most bytes go. Dashed discs are outside the cluster.')))
}
