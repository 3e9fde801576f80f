import * as Hash from 'ox/Hash'
import type { Hex } from 'ox/Hex'
import { InvalidTransactionError } from './InvalidTransactionError.js'
import type { Unsigned } from './Unsigned.js'

/** The hash that names a blob's commitment in the transaction's body. */
export function versionedHash(commitment: Hex): Hex {
  return `0x01${Hash.sha256(commitment).slice(4)}`
}

/**
 * Apart from the other checks, since the functions, which sign no blobs, need
 * no SHA-256 then.
 *
 * @throws InvalidTransactionError for sidecars of another transaction
 */
export function assertBelongs(transaction: Unsigned): void {
  if (transaction.type !== 'eip4844') return
  const { sidecars, blobVersionedHashes } = transaction
  const named = sidecars?.commitments.map(versionedHash)
  if (named === undefined) return
  if (blobVersionedHashes.some((hash, at) => hash.toLowerCase() !== named[at]))
    throw new InvalidTransactionError(
      'sidecars does not belong to blobVersionedHashes',
    )
}
