const Units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB']

/** 1,234,567 → "1.2 MB": powers of 1000, as network people count. */
export function bytes(value: number): string {
  return scaled(value, Units)
}

export function rate(value: number): string {
  return value > 0 && value < 1 ? '<1 B/s' : `${scaled(value, Units)}/s`
}

/** Events per second; below one a second a minute says more. */
export function perSecond(value: number): string {
  if (value <= 0) {
    return '0/s'
  }
  return value >= 1 ? `${short(value)}/s` : value * 60 >= 0.95 ? `${short(value * 60)}/min` : '<1/min'
}

export function count(value: number): string {
  return value < 10_000 ? group(value) : scaled(value, ['', 'k', 'M', 'G', 'T', 'P']).replace(' ', '\u202f')
}

export function milliseconds(value: number): string {
  return value < 1 ? `${Math.round(value * 1000)} µs` : value < 1000 ? `${short(value)} ms` : `${short(value / 1000)} s`
}

export function percent(share: number): string {
  return share > 0 && share < 0.01 ? '<1 %' : `${Math.round(share * 100)} %`
}

/** "just now", "12 s", "5 min", "3 h", "12 d". */
export function age(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000))
  if (seconds < 5) {
    return 'just now'
  }
  return `${span(seconds)} ago`
}

/** Since a time; "–" where it is not known. */
export function since(time: string | null): string {
  return time === null ? '–' : age(Date.now() - Date.parse(time))
}

export function span(seconds: number): string {
  if (seconds < 60) {
    return `${Math.round(seconds)} s`
  }
  if (seconds < 3600) {
    return `${Math.round(seconds / 60)} min`
  }
  return seconds < 48 * 3600 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86400)} d`
}

export function clock(time: string | number): string {
  const at = new Date(time)
  return [at.getHours(), at.getMinutes(), at.getSeconds()].map(part => String(part).padStart(2, '0')).join(':')
}

/** Local time without a zone's name: what a person reads off the wall while an incident runs. */
export function moment(time: string): string {
  const at = new Date(time)
  const day = [at.getFullYear(), at.getMonth() + 1, at.getDate()].map(part => String(part).padStart(2, '0')).join('-')
  return `${day} ${clock(time)}`
}

export function ports(list: number[]): string {
  const some = list.slice(0, 3).join(', ')
  return list.length > 3 ? `${some} +${list.length - 3}` : some
}

export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`
}

function scaled(value: number, units: string[]): string {
  let size = Math.abs(value)
  let unit = 0
  // 999.6 kB would read "1000 kB".
  while (size >= 999.5 && unit < units.length - 1) {
    size /= 1000
    unit++
  }
  return `${value < 0 ? '-' : ''}${unit === 0 ? Math.round(size) : short(size)} ${units[unit]}`.trimEnd()
}

function short(value: number): string {
  return value < 9.95 ? String(Math.round(value * 10) / 10) : String(Math.round(value))
}

function group(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, '\u202f')
}
