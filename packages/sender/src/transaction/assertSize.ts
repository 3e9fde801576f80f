import { BaseError } from '@keyward/core'
import { toBytes } from '../chain/createDataFee.js'
import type { SendRequest } from '../request/SendRequest.js'

/** Pools refuse longer transactions, and the ledger has room for this much. */
const maxBytes = 131_072

/** @throws RequestTooLargeError */
export function assertSize(request: SendRequest): void {
  const bytes = toBytes(request)
  if (bytes > maxBytes) throw new RequestTooLargeError(bytes)
}

/** Data and access list together exceed what a pool accepts. */
export class RequestTooLargeError extends BaseError {
  constructor(bytes: number) {
    super(
      'request-too-large',
      `The transaction has up to ${bytes} bytes with its data and access list, but pools accept at most ${maxBytes}.`,
      {
        details:
          'Nothing was accepted. Shorten the access list, or split the call.',
      },
    )
    this.name = 'RequestTooLargeError'
  }
}
