import type { Address } from 'ox/Address'
import * as Hex from 'ox/Hex'
import * as PublicKey from './PublicKey.js'
import { loadEngine, recoverPublicKey } from './recoverPublicKey.js'
import * as Signature from './Signature.js'

/**
 * The account that signed a message or typed data:
 * `recoverAddress(Message.getSignPayload('hello'), signature)`.
 *
 * @param digest - 32 bytes that were signed.
 * @param signature - 65 bytes: r, s, and v of 27 or 28 (0 or 1 also work); or
 * the 64 bytes of EIP-2098, where the highest bit of s is the parity.
 * @returns The address with an EIP-55 checksum; undefined if the signature
 * recovers to no key, or if s is in the upper half, which contracts refuse as a
 * second form of the same signature (EIP-2).
 */
export async function recoverAddress(
  digest: Hex.Hex,
  signature: Hex.Hex,
): Promise<Address | undefined> {
  if (!/^0x[0-9a-fA-F]{128}([0-9a-fA-F]{2})?$/.test(signature)) return undefined
  const r = Hex.toBigInt(Hex.slice(signature, 0, 32))
  const word = Hex.toBigInt(Hex.slice(signature, 32, 64))
  const isCompact = signature.length === 130
  const s = isCompact ? BigInt.asUintN(255, word) : word
  const v = isCompact
    ? Number(word >> 255n)
    : Hex.toNumber(Hex.slice(signature, 64))
  const yParity = v >= 27 ? v - 27 : v
  if (yParity !== 0 && yParity !== 1) return undefined
  if (r === 0n || r >= Signature.order || s === 0n) return undefined
  if (s > Signature.order >> 1n) return undefined
  const publicKey = recoverPublicKey(await loadEngine(), Hex.toBytes(digest), {
    r,
    s,
    yParity,
  })
  return publicKey && PublicKey.toAddress(publicKey)
}
