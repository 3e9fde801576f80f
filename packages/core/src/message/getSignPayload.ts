import type { Hex } from 'ox/Hex'
import * as HexModule from 'ox/Hex'
import * as PersonalMessage from 'ox/PersonalMessage'

/** A text, or raw bytes. */
export type Message = string | { raw: Hex | Uint8Array }

/** The 32 bytes to sign, as hex (EIP-191, version 0x45). */
export function getSignPayload(message: Message): Hex {
  return PersonalMessage.getSignPayload(
    typeof message === 'string' ? HexModule.fromString(message) : message.raw,
  )
}
