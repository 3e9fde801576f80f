import type { Hex } from 'ox/Hex'
import * as Signature from '../Signature.js'
import type { LazySigningKey, SignOptions } from '../SigningKey.js'
import type { Message } from './getSignPayload.js'

/**
 * Signs a message with the EIP-191 prefix, which ensures that it can never be a
 * transaction. Exactly one `kms:Sign`.
 *
 * @returns 65 bytes: r, s, v (27 or 28).
 * @throws any error from `key.sign`
 */
export async function sign(
  key: LazySigningKey,
  message: Message,
  options?: SignOptions,
): Promise<Hex> {
  return Signature.toHex(await key.sign({ kind: 'message', message }, options))
}
