import type { App } from './app'
import type { Walk } from './keyboard'

const Arrows: Record<string, [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }

/** All keys in one place; letters count only where nobody is writing. */
export class Keys {
  constructor(private readonly app: App, private readonly walk: Walk, map: HTMLElement) {
    document.addEventListener('keydown', event => this.#anywhere(event))
    map.addEventListener('keydown', event => this.#onMap(event))
    map.addEventListener('blur', () => this.walk.current && this.walk.set(null))
  }

  #anywhere(event: KeyboardEvent): void {
    const target = event.target as HTMLElement
    const writing = target.matches('input, select, textarea') || event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]') !== null
    if (event.key === 'Escape' && !document.querySelector('dialog[open]') && !target.matches('[role=combobox]')) {
      this.app.escape()
      return
    }
    if (writing) {
      return
    }
    const action = this.#action(event.key)
    if (action) {
      event.preventDefault()
      action()
    }
  }

  #action(key: string): (() => void) | null {
    const { app } = this
    switch (key) {
      case '/': return () => app.search()
      case '?': return () => app.help()
      case 'm': return () => app.go({ mode: 'map', chosen: true })
      case 't': return () => app.go({ mode: 'table', chosen: true })
      case 'x': return () => app.go({ mode: 'matrix', chosen: true })
      case 'w': return () => app.go({ changes: app.view.changes ? 0 : 60, select: '' })
      case '0': return () => app.whole()
      case '+': case '=': return () => app.zoom(1.25)
      case '-': return () => app.zoom(0.8)
      default: return null
    }
  }

  #onMap(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) {
      return
    }
    const arrow = Arrows[event.key]
    if (arrow) {
      event.preventDefault()
      this.walk.step(...arrow)
      return
    }
    if (event.key === 'Tab') {
      if (this.walk.tab(event.shiftKey)) {
        event.preventDefault()
      }
      return
    }
    const current = this.walk.current
    if (!current) {
      return
    }
    const { app } = this
    const node = current.type === 'node' ? current.id : null
    switch (event.key) {
      case 'Enter': case ' ': app.open(current); break
      case 'd': app.details(current); break
      case 'f': if (node && !node.startsWith('n:')) { app.go({ focus: node, hops: 1 }) } break
      case 'h': if (node) { app.go({ hide: [...app.view.hide, node] }) } break
      case 'i': if (node) { app.go({ isolate: [node] }) } break
      case 'c': {
        const namespace = node && app.namespaceOf(node)
        if (namespace) { app.fold(namespace) }
        break
      }
      default: return
    }
    event.preventDefault()
  }
}
