import { BaseError } from '@keyward/core/errors'

/**
 * @param expected - EIP-55.
 * @throws UnexpectedAddressError
 */
export function assertExpected(
  address: string,
  expected: string | undefined,
): void {
  if (expected === undefined || expected === address) return
  throw new UnexpectedAddressError(address, expected)
}

/** The private key doesn't belong to the expected address. */
export class UnexpectedAddressError extends BaseError {
  override readonly name = 'UnexpectedAddressError'

  constructor(address: string, expected: string) {
    super(
      'unexpected-address',
      `The private key belongs to ${address}, not to ${expected}.`,
      {
        details:
          'Nothing was sent. Check the file and, for a recovery phrase, the ' +
          '--derivation-path and the passphrase.',
      },
    )
  }
}
