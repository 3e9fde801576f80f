import type { Hex } from '@keyward/core'
import { toWord } from '@keyward/guard/calls'

/**
 * One owner's consent in the contract's form: 65 bytes of r, s and v, where v
 * defines the meaning of the other two. Version 1.3.0 and newer.
 */
export type SafeSignature =
  /** Signs the transaction's hash; v is 27 or 28. */
  | { readonly kind: 'ecdsa'; readonly owner: Hex; readonly bytes: Hex }
  /** Signs the transaction's hash as an EIP-191 message; v is 31 or 32. */
  | { readonly kind: 'eth_sign'; readonly owner: Hex; readonly bytes: Hex }
  /** The owner called `approveHash`, or executes the transaction; v is 1. */
  | { readonly kind: 'approved'; readonly owner: Hex }
  /** The owner is a contract that checks the signature (EIP-1271); v is 0. */
  | { readonly kind: 'contract'; readonly owner: Hex; readonly bytes: Hex }

/**
 * Bytes per signature in a bundle; the data of contract owners follows at the
 * end.
 */
export const size = 65

/**
 * Packs all signatures in ascending owner order, as the contract requires, with
 * the data of contract owners after the fixed parts.
 *
 * @throws TypeError for two signatures by one owner
 */
export function pack(signatures: readonly SafeSignature[]): Hex {
  const sorted = [...signatures].sort((a, b) => (key(a) < key(b) ? -1 : 1))
  for (const [index, one] of sorted.entries())
    if (index > 0 && key(one) === key(sorted[index - 1] as SafeSignature))
      throw new TypeError(`two signatures by ${one.owner}`)
  let tail = sorted.length * size
  const heads: string[] = []
  const tails: string[] = []
  for (const one of sorted) {
    const owner = one.owner.slice(2).padStart(64, '0')
    if (one.kind === 'approved') heads.push(`${owner}${'0'.repeat(64)}01`)
    else if (one.kind === 'contract') {
      const bytes = one.bytes.slice(2)
      heads.push(`${owner}${toWord(BigInt(tail))}00`)
      tails.push(`${toWord(BigInt(bytes.length / 2))}${bytes}`)
      tail += 32 + bytes.length / 2
    } else heads.push(one.bytes.slice(2))
  }
  return `0x${[...heads, ...tails].join('').toLowerCase()}`
}

const key = ({ owner }: SafeSignature) => owner.toLowerCase()
