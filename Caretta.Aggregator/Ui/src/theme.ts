import { Dark, Light, type Palette } from './draw/palette'

const Key = 'caretta.theme'

/** Dark or light as the system says, until somebody chooses. */
export class Theme {
  readonly #system = matchMedia('(prefers-color-scheme: light)')

  constructor(private readonly changed: (palette: Palette) => void) {
    this.#system.addEventListener('change', () => this.#apply())
    this.#mark()
  }

  get palette(): Palette {
    return this.#light ? Light : Dark
  }

  toggle(): void {
    try {
      localStorage.setItem(Key, this.#light ? 'dark' : 'light')
    } catch {
      // Without storage the choice holds for this visit.
    }
    this.#chosen = this.#light ? 'dark' : 'light'
    this.#apply()
  }

  #chosen: string | null = stored()

  get #light(): boolean {
    return this.#chosen ? this.#chosen === 'light' : this.#system.matches
  }

  #apply(): void {
    this.#mark()
    this.changed(this.palette)
  }

  #mark(): void {
    document.documentElement.dataset['theme'] = this.#light ? 'light' : 'dark'
  }
}

function stored(): string | null {
  try {
    return localStorage.getItem(Key)
  } catch {
    return null
  }
}
