import { BaseError } from '@keyward/core'

/**
 * What the policy's bundle threw, under its own name: its classes are not those
 * of the function that loaded it.
 */
class GuardFailedError extends BaseError {
  constructor({ code, name, shortMessage, details }: BaseError) {
    super(code, shortMessage, { details })
    this.name = name
  }
}

/** An error of ours is told as such, in whichever bundle it was made. */
export function toOwn(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof BaseError) return error
  const isOurs = 'code' in error && 'shortMessage' in error
  return isOurs ? new GuardFailedError(error as BaseError) : error
}
