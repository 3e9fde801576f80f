import { BaseError } from '@keyward/core/errors'

/** What came is no private key that can be used; never quotes its content. */
export class KeyFileError extends BaseError {
  override readonly name = 'KeyFileError'

  constructor(shortMessage: string, details?: string) {
    super('invalid-key-file', shortMessage, { details })
  }
}

/** The password does not open the key, or what it protects is damaged. */
export class WrongPasswordError extends BaseError {
  override readonly name = 'WrongPasswordError'

  constructor(shortMessage: string, details?: string) {
    super('wrong-password', shortMessage, { details })
  }
}
