type Child = Node | string | null | undefined | false
type Props = Record<string, unknown>

/** An element: `on…` are listeners, `class` and ARIA are attributes, false and null are left out. No markup is parsed and no style attribute is written. */
export function h<K extends keyof HTMLElementTagNameMap>(tag: K, props: Props = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag)
  set(element, props)
  element.append(...children.filter((child): child is Node | string => child !== null && child !== undefined && child !== false))
  return element
}

export function svg<K extends keyof SVGElementTagNameMap>(tag: K, props: Props = {}, ...children: Node[]): SVGElementTagNameMap[K] {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag)
  set(element, props)
  element.append(...children)
  return element
}

const Icons: Record<string, string> = {
  search: 'M11 11l3.5 3.5M12.5 7.2a5.3 5.3 0 1 1-10.6 0 5.3 5.3 0 0 1 10.6 0z',
  filter: 'M2 3.5h12M4.5 8h7M6.8 12.5h2.4',
  changes: 'M8 4.2V8l2.6 1.6M2.4 8a5.6 5.6 0 1 0 1.8-4.1M2.2 2.4v2.4h2.4',
  export: 'M8 2v7.6M4.8 6.8L8 10l3.2-3.2M2.6 12.4v1.2h10.8v-1.2',
  theme: 'M13.2 9.6A5.6 5.6 0 0 1 6.4 2.8 5.7 5.7 0 1 0 13.2 9.6z',
  help: 'M5.8 6a2.2 2.2 0 1 1 3.2 2c-.7.4-1 .8-1 1.5M8 12.2v.2',
  close: 'M3.8 3.8l8.4 8.4M12.2 3.8l-8.4 8.4',
  plus: 'M8 3v10M3 8h10',
  minus: 'M3 8h10',
  fit: 'M2.6 6V2.6H6M10 2.6h3.4V6M13.4 10v3.4H10M6 13.4H2.6V10',
  tidy: 'M3 3h4v4H3zM9 3h4v4H9zM3 9h4v4H3zM9 9h4v4H9z',
  map: 'M4 5.5a1.7 1.7 0 1 0 0-3.4 1.7 1.7 0 0 0 0 3.4zM12 9.5a1.7 1.7 0 1 0 0-3.4 1.7 1.7 0 0 0 0 3.4zM5.5 14a1.7 1.7 0 1 0 0-3.4 1.7 1.7 0 0 0 0 3.4zM5.4 4.6l5 2.4M10.7 8.9l-3.8 2.5M4.2 5.5l1 5.1',
  table: 'M2.4 3h11.2v10H2.4zM2.4 6.4h11.2M2.4 9.8h11.2M6.4 6.4V13',
  matrix: 'M2.6 2.6h3v3h-3zM6.8 6.8h3v3h-3zM11 2.6h2.4v3H11zM2.6 11h3v2.4h-3zM11 11h2.4v2.4H11z',
  focus: 'M8 10.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4zM8 1.6v2.6M8 11.8v2.6M1.6 8h2.6M11.8 8h2.6',
  hide: 'M2 8s2.2-4 6-4 6 4 6 4-2.2 4-6 4-6-4-6-4zM2.8 13.2L13.2 2.8',
  isolate: 'M8 10a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM8 14.2A6.2 6.2 0 1 0 8 1.8a6.2 6.2 0 0 0 0 12.4z',
  copy: 'M5.6 5.6h7.2v7.2H5.6zM3.2 10.4V3.2h7.2',
  expand: 'M9.6 2.8h3.6v3.6M6.4 13.2H2.8V9.6M13.2 2.8L9 7M2.8 13.2L7 9',
  motion: 'M2 5.4h7M4.4 8h9.4M2 10.6h7',
}

export function icon(name: string): SVGSVGElement {
  return svg('svg', { viewBox: '0 0 16 16', width: 16, height: 16, class: 'icon', 'aria-hidden': 'true', focusable: 'false' }, svg('path', { d: Icons[name] ?? '' }))
}

export function button(name: string, label: string, onclick: () => void, props: Props = {}, ...children: Child[]): HTMLButtonElement {
  return h('button', { type: 'button', class: 'tool', title: label, 'aria-label': children.length > 0 ? null : label, onclick, ...props }, icon(name), ...children)
}

export function text(element: Element, value: string): void {
  if (element.textContent !== value) {
    element.textContent = value
  }
}

function set(element: Element, props: Props): void {
  for (const [key, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) {
      continue
    }
    if (key.startsWith('on')) {
      element.addEventListener(key.slice(2), value as EventListener)
    } else if (key === 'value') {
      ;(element as HTMLInputElement).value = String(value)
    } else {
      element.setAttribute(key, value === true ? '' : String(value))
    }
  }
}
