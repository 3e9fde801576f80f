import type { Finding } from './Danger.js'

/** All findings that are not in `left`. */
export function without(all: Finding[], left: readonly Finding[]): Finding[] {
  const toKey = (one: Finding) => JSON.stringify(one)
  const keys = new Set(left.map(toKey))
  return all.filter((one) => !keys.has(toKey(one)))
}
