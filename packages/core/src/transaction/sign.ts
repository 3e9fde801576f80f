import type { Address } from 'ox/Address'
import type * as Hex from 'ox/Hex'
import type { LazySigningKey, SignOptions } from '../SigningKey.js'
import { encode } from './serialize.js'
import type { Unsigned } from './Unsigned.js'

/**
 * Signs a transaction: exactly one `kms:Sign`.
 *
 * @returns `raw` for `eth_sendRawTransaction` (including any blobs given), its
 * `hash` from our own keccak256, the signing account `from`, and the frozen
 * copy of the transaction that was signed.
 * @throws InvalidTransactionError before anything is signed, and any error from
 * `key.sign`
 */
export async function sign(
  key: LazySigningKey,
  transaction: Unsigned,
  options?: SignOptions,
): Promise<sign.ReturnType> {
  const signed = await key.sign({ kind: 'transaction', transaction }, options)
  const { request, digest, address, requestId } = signed
  return {
    // The copy was asserted before it was signed and can't have changed.
    ...encode(request.transaction, signed),
    from: address,
    digest,
    transaction: request.transaction,
    ...(requestId === undefined ? {} : { requestId }),
  }
}

export declare namespace sign {
  type ReturnType = {
    raw: Hex.Hex
    hash: Hex.Hex
    from: Address
    /** The 32 bytes that were signed. */
    digest: Hex.Hex
    /** Frozen, so later changes by the caller don't affect it. */
    transaction: Unsigned
    /** Id of the key service's Sign call, to match our log with CloudTrail. */
    requestId?: string
  }
}
