import type { Transaction } from './Asked.js'

/** Of a transaction, at most; by the members of `fee`. */
export function feesOf(given: Transaction): Record<string, bigint> {
  const maxGas = BigInt(given.gas)
  const maxFeePerGas = BigInt(given.gasPrice ?? given.maxFeePerGas ?? 0)
  const maxFeePerBlobGas = BigInt(given.maxFeePerBlobGas ?? 0)
  const blobs = BigInt(given.blobVersionedHashes?.length ?? 0)
  return {
    maxGas,
    maxFeePerGas,
    maxFeePerBlobGas: blobs === 0n ? 0n : maxFeePerBlobGas,
    maxFee: maxGas * maxFeePerGas + blobs * 131_072n * maxFeePerBlobGas,
  }
}
