import { BaseError } from '@keyward/core/errors'

/** The next step for a file whose structure is wrong. */
export const copyAgain =
  'The file is damaged, or contains another kind of key. Copy it again, or ' +
  'use the backup.'

/** What to do after a key file has been converted. */
export const compareAddress =
  'Then compare the address: keyward key verify --in NEW --address ADDRESS.'

/** The next step for a key that no Ethereum account can have. */
export const createAnother =
  'Create a key with keyward key generate, or openssl ecparam -name ' +
  'secp256k1 -genkey -noout.'

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
