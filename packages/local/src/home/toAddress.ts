import { keccak_256 } from '@noble/hashes/sha3.js'

/**
 * The account of an uncompressed public key, with EIP-55's checksum. core has
 * its own: this package must not share code with what it checks.
 */
export function toAddress(publicKey: Uint8Array): string {
  const hash = Buffer.from(keccak_256(publicKey.subarray(1)))
  const digits = hash.subarray(12).toString('hex')
  const mask = Buffer.from(keccak_256(Buffer.from(digits))).toString('hex')
  const checked = [...digits].map((digit, index) =>
    Number.parseInt(mask[index] ?? '0', 16) >= 8 ? digit.toUpperCase() : digit,
  )
  return `0x${checked.join('')}`
}
