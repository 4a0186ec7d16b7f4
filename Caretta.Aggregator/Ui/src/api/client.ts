import type { Problem } from './types'

export class Refused extends Error {
  constructor(readonly status: number, readonly problem: Problem) {
    super(problem.detail ?? problem.title ?? `The aggregator answered ${status}.`)
  }
}

export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  const answer = await fetch(`api/v1/${path}`, { headers: { accept: 'application/json' }, ...(signal ? { signal } : {}) })
  if (!answer.ok) {
    throw new Refused(answer.status, (await answer.json().catch(() => ({}))) as Problem)
  }
  return (await answer.json()) as T
}
