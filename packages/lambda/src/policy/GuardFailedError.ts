import { BaseError } from '@keyward/core'

/**
 * An error from the policy's bundle, under its own name, because its classes
 * differ from those of the function that loaded it.
 */
class GuardFailedError extends BaseError {
  constructor({ code, name, shortMessage, details }: BaseError) {
    super(code, shortMessage, { details })
    this.name = name
  }
}

/** Recognizes our own errors, regardless of the bundle that created them. */
export function toOwn(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof BaseError) return error
  const isOurs = 'code' in error && 'shortMessage' in error
  return isOurs ? new GuardFailedError(error as BaseError) : error
}
