/** What was asked for leaves open what is meant: nothing was begun. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** @throws UsageError */
export function usageError(message: string): never {
  throw new UsageError(message)
}
