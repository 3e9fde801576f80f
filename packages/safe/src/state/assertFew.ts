import { BaseError } from '@keyward/core'

/** The limit for one transaction or message: twice a batch of 100 payments. */
export const maxAddresses = 200

/**
 * Call this before asking the node about each address.
 *
 * @throws TooManyAddressesError
 */
export function assertFew(addresses: ReadonlySet<unknown>): void {
  if (addresses.size > maxAddresses)
    throw new TooManyAddressesError(addresses.size)
}

/**
 * The request names too many addresses. The node would be asked about each of
 * them.
 */
export class TooManyAddressesError extends BaseError {
  override readonly name = 'TooManyAddressesError'

  constructor(count: number) {
    super(
      'too-many-addresses',
      `The request calls or names ${count} contracts and tokens; at most ${maxAddresses} are allowed.`,
      {
        details: 'Nothing was signed. Split the request.',
      },
    )
  }
}
