import type { Hex } from 'ox/Hex'
import * as HexModule from 'ox/Hex'
import * as PersonalMessage from 'ox/PersonalMessage'
import * as Signature from './Signature.js'
import type { LazySigningKey } from './SigningKey.js'

/** A text, or bytes as they are. */
export type Message = string | { raw: Hex | Uint8Array }

/**
 * Signs a message with EIP-191's prefix, which keeps it from ever being a
 * transaction. Exactly one `kms:Sign`.
 *
 * @returns 65 bytes: r, s, v (27 or 28).
 * @throws what `signDigest` throws
 */
export async function sign(
  key: LazySigningKey,
  message: Message,
): Promise<Hex> {
  const digest = HexModule.toBytes(getSignPayload(message))
  return Signature.toHex(await key.signDigest(digest))
}

/** The 32 bytes that are signed, as hex (EIP-191, version 0x45). */
export function getSignPayload(message: Message): Hex {
  return PersonalMessage.getSignPayload(
    typeof message === 'string' ? HexModule.fromString(message) : message.raw,
  )
}
