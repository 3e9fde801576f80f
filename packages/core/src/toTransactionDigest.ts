import type * as Hex from 'ox/Hex'
import { refuseKind, type SigningRequest } from './Request.js'
import { assertNetworkLimits } from './transaction/assertNetworkLimits.js'
import { getSignPayload } from './transaction/serialize.js'

/** The 32 bytes that are signed for a transaction; other kinds are refused. */
export function toTransactionDigest(request: SigningRequest): Hex.Hex {
  if (request.kind !== 'transaction') throw refuseKind(request.kind)
  const payload = getSignPayload(request.transaction)
  assertNetworkLimits(request.transaction)
  return payload
}
