import { createHash } from 'node:crypto'
import type { Hex } from 'ox/Hex'
import { InvalidTransactionError } from './InvalidTransactionError.js'
import type { Unsigned } from './Unsigned.js'

/** The hash that identifies a blob's commitment in the transaction's body. */
export function versionedHash(commitment: Hex): Hex {
  // Node's own hash, because ox's would add 3 kB to each function.
  const bytes = Buffer.from(commitment.slice(2), 'hex')
  return `0x01${createHash('sha256').update(bytes).digest('hex').slice(2)}`
}

/**
 * This check is separate from the others, so that the functions, which sign no
 * blobs, don't need SHA-256.
 *
 * @throws InvalidTransactionError for another transaction's sidecars
 */
export function assertBelongs(transaction: Unsigned): void {
  if (transaction.type !== 'eip4844') return
  const { sidecars, blobVersionedHashes } = transaction
  const named = sidecars?.commitments.map(versionedHash)
  if (named === undefined) return
  if (blobVersionedHashes.some((hash, at) => hash.toLowerCase() !== named[at]))
    throw new InvalidTransactionError(
      'sidecars does not match blobVersionedHashes',
    )
}
