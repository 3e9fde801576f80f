/** Keeps earlier values for delayed reads. */
export type History<value> = {
  /** To be called before a value is replaced or removed. */
  note(name: string, before: value | undefined): void
  /** Returns the delayed value, given the current one. */
  late(name: string, now: value | undefined): value | undefined
  /** The names of values that existed and may be gone. */
  names(): string[]
}

/**
 * @param lateMs - Returns the delay, which is 0 while nothing is delayed.
 * Called each time.
 */
export function createHistory<value>(
  now: () => number,
  lateMs: () => number,
): History<value> {
  /** The replaced values by name, oldest first. */
  const replaced = new Map<string, { at: number; value: value | undefined }[]>()
  const recent = (name: string) => {
    const from = now() - lateMs()
    const left = (replaced.get(name) ?? []).filter(({ at }) => at > from)
    if (left.length === 0) replaced.delete(name)
    else replaced.set(name, left)
    return left
  }
  return {
    note(name, value) {
      if (lateMs() === 0) return
      replaced.set(name, [...recent(name), { at: now(), value }])
    },
    late(name, current) {
      const [first] = recent(name)
      return first === undefined ? current : first.value
    },
    names: () => [...replaced.keys()],
  }
}
