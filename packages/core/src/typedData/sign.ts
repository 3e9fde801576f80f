import type { Hex } from 'ox/Hex'
import * as Signature from '../Signature.js'
import type { LazySigningKey, SignOptions } from '../SigningKey.js'
import type { TypedData } from './getSignPayload.js'

/**
 * Signs EIP-712 typed data. Exactly one `kms:Sign`.
 *
 * @returns 65 bytes: r, s, v (27 or 28).
 * @throws InvalidTypedDataError before anything is signed, and any error from
 * `key.sign`
 */
export async function sign(
  key: LazySigningKey,
  typedData: TypedData,
  options?: SignOptions,
): Promise<Hex> {
  const signed = await key.sign({ kind: 'typedData', typedData }, options)
  return Signature.toHex(signed)
}
