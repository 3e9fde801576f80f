/**
 * Runs tasks with the same name one at a time, and tasks with different names
 * in parallel.
 */
export type Lock = <T>(name: string, work: () => Promise<T>) => Promise<T>

export const createLocks = (): Lock => {
  const tails = new Map<string, Promise<void>>()
  return async (name, work) => {
    const before = tails.get(name) ?? Promise.resolve()
    const running = before.then(work)
    // The next task waits for this one, but doesn't share its failure.
    const tail = running.then(
      () => undefined,
      () => undefined,
    )
    tails.set(name, tail)
    try {
      return await running
    } finally {
      if (tails.get(name) === tail) tails.delete(name)
    }
  }
}
