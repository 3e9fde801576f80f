/**
 * A map that keeps only its newest entries, for values that can be discarded.
 */
export type Newest<key, value> = {
  get(key: key): value | undefined
  set(key: key, value: value): void
}

export function createNewest<key, value>(most: number): Newest<key, value> {
  const kept = new Map<key, value>()
  return {
    get: (key) => kept.get(key),
    set(key, value) {
      kept.delete(key)
      const oldest = kept.keys().next()
      if (kept.size >= most && !oldest.done) kept.delete(oldest.value)
      kept.set(key, value)
    },
  }
}
