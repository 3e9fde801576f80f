import * as Bytes from 'ox/Bytes'
import type * as Hex from 'ox/Hex'
import { BaseError } from './errors/BaseError.js'

/** An ECDSA signature without a recovery id; r and s are in 1..n-1. */
export type Signature = { r: bigint; s: bigint }

/** A signature whose signer can be recovered; s is in the lower half. */
export type Recovered = Signature & { yParity: 0 | 1 }

/** Order of the secp256k1 group (SEC 2, 2.4.1). */
export const order =
  0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
const halfOrder = order >> 1n

/**
 * Reads a DER `ECDSA-Sig-Value` (RFC 3279, 2.2.3) strictly: minimal lengths,
 * positive integers without padding, values in 1..n-1, no trailing bytes.
 *
 * @param der - 8 to 72 bytes.
 * @throws InvalidSignatureError
 */
export function fromDer(der: Uint8Array): Signature {
  if (der[0] !== 0x30)
    throw new InvalidSignatureError('it is not a DER SEQUENCE')
  // A signature on this curve never needs the long length form.
  if (der[1] !== der.length - 2 || der.length > 72)
    throw new InvalidSignatureError('its length does not match its content')
  const r = readInteger(der, 2, 'r')
  const s = readInteger(der, r.end, 's')
  if (s.end !== der.length)
    throw new InvalidSignatureError('more bytes follow s')
  return { r: r.value, s: s.value }
}

function readInteger(
  der: Uint8Array,
  start: number,
  name: string,
): { value: bigint; end: number } {
  const length = der[start + 1] ?? 0
  const end = start + 2 + length
  const bytes = der.subarray(start + 2, end)
  const first = bytes[0]
  if (der[start] !== 0x02 || first === undefined || bytes.length !== length)
    throw new InvalidSignatureError(`${name} is not a DER INTEGER`)
  if (first >= 0x80) throw new InvalidSignatureError(`${name} is negative`)
  if (first === 0 && length > 1 && (bytes[1] ?? 0) < 0x80)
    throw new InvalidSignatureError(`${name} has unnecessary leading zeros`)
  const value = Bytes.toBigInt(bytes)
  if (value === 0n || value >= order)
    throw new InvalidSignatureError(
      `${name} is not between 1 and n-1 (n is the curve's order)`,
    )
  return { value, end }
}

/** The same signature with s in the lower half, as EIP-2 requires. */
export function toLowS(signature: Signature): Signature {
  const { r, s } = signature
  return s > halfOrder ? { r, s: order - s } : signature
}

/**
 * r, s and yParity in the form ox and viem use, with r and s padded to 32
 * bytes.
 */
export function toRpc(signature: Recovered): {
  r: Hex.Hex
  s: Hex.Hex
  yParity: 0 | 1
} {
  const { r, s, yParity } = signature
  return { r: toWord(r), s: toWord(s), yParity }
}

/** 32 bytes. */
function toWord(value: bigint): Hex.Hex {
  return `0x${value.toString(16).padStart(64, '0')}`
}

/** 65 bytes: r, s, and v of 27 or 28, as EIP-191 and EIP-712 users expect. */
export function toHex(signature: Recovered): Hex.Hex {
  const { r, s, yParity } = toRpc(signature)
  return `${r}${s.slice(2)}${yParity === 0 ? '1b' : '1c'}`
}

/** The key service's answer is not a signature by the key and was discarded. */
export class InvalidSignatureError extends BaseError {
  constructor(reason: string) {
    super('invalid-signature', `Not a signature by this key: ${reason}.`, {
      details:
        'The response was discarded. Check the key id and the endpoint. If both are correct, the response was corrupted or forged.',
    })
    this.name = 'InvalidSignatureError'
  }
}
