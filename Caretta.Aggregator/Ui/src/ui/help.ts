import { button, h } from './dom'

const Keys: [string, string][] = [
  ['/', 'search a workload'],
  ['arrows', 'in the map: to the next node that way'],
  ['Tab  ⇧Tab', 'in the map: through a node’s connections, then on'],
  ['Enter', 'details; opens a closed namespace'],
  ['d', 'details of a closed namespace too (right click)'],
  ['f', 'focus: only what is near'],
  ['c', 'close the namespace'],
  ['h  i', 'hide, isolate'],
  ['+  −  0', 'zoom in, out, whole map'],
  ['m  t  x', 'map, table, matrix'],
  ['w', 'what changed'],
  ['Esc', 'close, go back a step'],
  ['?', 'this'],
]

export function help(): HTMLDialogElement {
  const dialog = h('dialog', { class: 'help', 'aria-labelledby': 'help-title' })
  dialog.append(
    h('header', {}, h('h2', { id: 'help-title' }, 'Keys'), button('close', 'Close (Esc)', () => dialog.close())),
    h('dl', {}, ...Keys.map(([keys, what]) => h('div', {}, h('dt', {}, ...keys.split('  ').map(key => h('kbd', {}, key))), h('dd', {}, what)))),
    h('p', { class: 'note' }, 'Click a namespace to open it, the dash in its corner to close it. Drag to move, wheel or pinch to zoom. The address holds the view: send it to a colleague.'))
  dialog.addEventListener('click', event => event.target === dialog && dialog.close())
  return dialog
}
