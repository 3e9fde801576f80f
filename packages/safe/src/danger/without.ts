import type { Finding } from './Danger.js'

/** Those of all that are not among the left ones. */
export function without(all: Finding[], left: readonly Finding[]): Finding[] {
  const toKey = (one: Finding) => JSON.stringify(one)
  const keys = new Set(left.map(toKey))
  return all.filter((one) => !keys.has(toKey(one)))
}
