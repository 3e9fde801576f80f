import { keccak_256 } from '@noble/hashes/sha3.js'
import { allocate } from '../allocate.js'
import { wipe } from '../wipe.js'

/**
 * Binds a V3 keystore to its password: the keccak256 of half the derived key
 * and the ciphertext.
 */
export function keystoreMac(derived: Buffer, ciphertext: Buffer): Buffer {
  const input = allocate(16 + ciphertext.length)
  derived.copy(input, 0, 16, 32)
  ciphertext.copy(input, 16)
  try {
    return Buffer.from(keccak_256(input))
  } finally {
    wipe(input)
  }
}
