import type * as Hex from 'ox/Hex'
import { refuseKind, type SigningRequest } from './Request.js'
import { assertNetworkLimits } from './transaction/assertNetworkLimits.js'
import { getSignPayload } from './transaction/serialize.js'

/** The 32 bytes to sign for a transaction; refuses other kinds of request. */
export function toTransactionDigest(request: SigningRequest): Hex.Hex {
  if (request.kind !== 'transaction')
    throw refuseKind(request.kind, 'transaction')
  const payload = getSignPayload(request.transaction)
  assertNetworkLimits(request.transaction)
  return payload
}
