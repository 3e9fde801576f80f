import { BaseError } from '@keyward/core/errors'
import { parseAddress } from '../node/parseAddress.js'

/**
 * @param expected - As it was typed.
 * @throws InvalidRequestError, UnexpectedAddressError
 */
export function assertExpected(
  address: string,
  expected: string | undefined,
): void {
  if (expected === undefined) return
  const meant = parseAddress(expected, '--expect-address')
  if (meant !== address) throw new UnexpectedAddressError(address, meant)
}

/** The private key given is that of another account than was typed. */
export class UnexpectedAddressError extends BaseError {
  override readonly name = 'UnexpectedAddressError'

  constructor(address: string, expected: string) {
    super(
      'unexpected-address',
      `The private key given is that of ${address}, not of ${expected}.`,
      {
        details:
          'Nothing was sent. Is it the right file, and of a recovery phrase ' +
          'the right --derivation-path and passphrase?',
      },
    )
  }
}
