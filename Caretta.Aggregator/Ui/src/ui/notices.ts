import type { Trouble } from '../api/stream'
import type { MapAnswer } from '../api/types'
import { clock, plural } from '../format'
import { h, icon } from './dom'

/** A line over the map for what makes it less than true; null when it is. */
export function banner(trouble: Trouble | null, map: MapAnswer | null, again: () => void): HTMLElement | null {
  if (trouble?.kind === 'lost') {
    const since = map ? ` The map shows what was known at ${clock(map.at)}.` : ''
    return h('div', { class: 'banner bad', role: 'alert' }, h('span', {}, `No connection to the aggregator.${since} Trying again…`), h('button', { type: 'button', class: 'plain', onclick: again }, 'Now'))
  }
  if (trouble?.kind === 'refused' && map) {
    return h('div', { class: 'banner bad', role: 'alert' }, h('span', {}, refusal(trouble.status, trouble.problem.detail).join(' ')), h('button', { type: 'button', class: 'plain', onclick: () => location.reload() }, 'Reload'))
  }
  if (map && !map.complete) {
    const missing = map.members.missing.length > 0 ? `: ${map.members.missing.join(', ')}` : ''
    return h('div', { class: 'banner warn', role: 'status' }, h('span', {}, `${map.members.answered} of ${plural(map.members.asked, 'aggregator')} answered in time${missing}. Links of the others are as they last were, and after half a minute left out.`))
  }
  return null
}

/** In place of a map: none yet, nothing reported yet, nothing matches, or not let in. */
export function emptiness(trouble: Trouble | null, map: MapAnswer | null, filtered: boolean, clear: () => void): HTMLElement | null {
  if (map === null) {
    if (trouble?.kind === 'refused') {
      const [title, ...rest] = refusal(trouble.status, trouble.problem.detail)
      return notice(title!, rest, h('button', { type: 'button', class: 'primary', onclick: () => location.reload() }, 'Sign in again'))
    }
    return trouble ? notice('No connection to the aggregator', ['This page tries again by itself.']) : h('div', { class: 'waiting' }, h('p', {}, 'Asking the aggregator…'))
  }
  if (map.nodes.length > 0) {
    return null
  }
  if (filtered) {
    return notice('Nothing matches', ['No connection of this cluster passes the filters.'], h('button', { type: 'button', class: 'primary', onclick: clear }, 'Show everything'))
  }
  const step = (title: string, text: string, code = '') => h('li', {}, h('strong', {}, title), h('span', {}, text), code && h('code', {}, code))
  return notice('No agent has reported yet', ['The map fills by itself a few seconds after the first one does.'], h('ol', { class: 'steps' },
    step('Start an agent on each host', 'It needs root, or CAP_BPF and CAP_PERFMON.', 'caretta-node --aggregator https://<this host>:7118'),
    step('See whether it gets through', 'On the agent’s host: 1 while it is connected. Otherwise its log says why.', 'curl -s localhost:7120/metrics | grep caretta_node_aggregator_connected'),
    step('Let something talk', 'A link appears with its first connection.')))
}

/** The first line is what is wrong, the rest what to do. */
export function refusal(status: number, detail: string | undefined): string[] {
  switch (status) {
    case 401:
      return ['This aggregator asks who you are', 'Its HTTP port is secured (HttpPasswordsFile, HttpTokensFile or HttpProxyHeader).',
        'Reload the page to sign in with name and password. A browser cannot send a bearer token by itself: with tokens alone, put a proxy in front or add a password.']
    case 403:
      return ['Not allowed', detail ?? 'You are known here, but may not see the map.']
    case 400:
      return ['The aggregator does not understand this address', detail ?? 'A filter in it has a value that it does not know.']
    default:
      return [`The aggregator answered ${status}`, detail ?? 'Its log says why. This page tries again by itself.']
  }
}

function notice(title: string, lines: string[], more: HTMLElement | null = null): HTMLElement {
  const mark = h('div', { class: 'mark', 'aria-hidden': 'true' }, icon('map'))
  return h('div', { class: 'notice' }, mark, h('h2', {}, title), ...lines.map(line => h('p', {}, line)), more)
}
