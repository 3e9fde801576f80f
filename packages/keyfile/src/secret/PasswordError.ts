import { BaseError } from '@keyward/core/errors'

/** No password could be had, or what came can't be one. */
export class PasswordError extends BaseError {
  override readonly name = 'PasswordError'

  constructor(shortMessage: string, details?: string) {
    super('invalid-password', shortMessage, { details })
  }
}
