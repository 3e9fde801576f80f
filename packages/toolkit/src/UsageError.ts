/** The request is ambiguous. Nothing was started. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** @throws UsageError */
export function usageError(message: string): never {
  throw new UsageError(message)
}
