import { keccak_256 } from '@noble/hashes/sha3.js'
import { bytesToHex } from '@noble/hashes/utils.js'

/** The EIP-55 address of an uncompressed secp256k1 point (65 bytes). */
export function toAddress(point: Uint8Array): string {
  const hex = bytesToHex(keccak_256(point.subarray(1)).subarray(12))
  const sum = bytesToHex(keccak_256(new TextEncoder().encode(hex)))
  const letters = Array.from(hex, (c, i) =>
    Number.parseInt(sum[i]!, 16) >= 8 ? c.toUpperCase() : c,
  )
  return `0x${letters.join('')}`
}
