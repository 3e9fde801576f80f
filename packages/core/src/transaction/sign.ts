import type { Address } from 'ox/Address'
import * as Hex from 'ox/Hex'
import type { LazySigningKey } from '../SigningKey.js'
import { getSignPayload, hash, serialize } from './serialize.js'
import type { Unsigned } from './Unsigned.js'

/**
 * Signs a transaction: exactly one `kms:Sign`.
 *
 * @returns `raw` for `eth_sendRawTransaction` (with blobs where they were
 * given), its `hash` by our own keccak256, and the account it is `from`.
 * @throws InvalidTransactionError before anything is signed, and what
 * `signDigest` throws
 */
export async function sign(
  key: LazySigningKey,
  given: Unsigned,
): Promise<sign.ReturnType> {
  // What a caller changes while KMS signs must not end up around the signature.
  const transaction = { ...given }
  const digest = getSignPayload(transaction)
  const signature = await key.signDigest(Hex.toBytes(digest))
  const from = await key.getAddress()
  const { requestId } = signature
  return {
    raw: serialize(transaction, signature),
    hash: hash(transaction, signature),
    from,
    digest,
    ...(requestId === undefined ? {} : { requestId }),
  }
}

export declare namespace sign {
  type ReturnType = {
    raw: Hex.Hex
    hash: Hex.Hex
    from: Address
    /** What was signed. */
    digest: Hex.Hex
    /** Of the key service's Sign call: joins our log with CloudTrail. */
    requestId?: string
  }
}
