import { BaseError } from '@keyward/core/errors'

/**
 * The input is not a usable private key. The message never quotes its content.
 */
export class KeyFileError extends BaseError {
  override readonly name = 'KeyFileError'

  constructor(shortMessage: string, details?: string) {
    super('invalid-key-file', shortMessage, { details })
  }
}

/** The password doesn't open the key, or the encrypted data is damaged. */
export class WrongPasswordError extends BaseError {
  override readonly name = 'WrongPasswordError'

  constructor(shortMessage: string, details?: string) {
    super('wrong-password', shortMessage, { details })
  }
}
