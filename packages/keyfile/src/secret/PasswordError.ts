import { BaseError } from '@keyward/core/errors'

/** There is no password, or it is not valid. */
export class PasswordError extends BaseError {
  override readonly name = 'PasswordError'

  constructor(shortMessage: string, details?: string) {
    super('invalid-password', shortMessage, { details })
  }
}
