import type { Hex } from '@keyward/core'
import { toWord } from '@keyward/guard/calls'

/**
 * One owner's consent as the contract reads it: r, s, v of 65 bytes, where v
 * says what the other two are. Version 1.3.0 and newer.
 */
export type SafeSignature =
  /** Over the transaction's hash; v of 27 or 28. */
  | { readonly kind: 'ecdsa'; readonly owner: Hex; readonly bytes: Hex }
  /** The same over that hash as an EIP-191 message: v of 31 or 32. */
  | { readonly kind: 'eth_sign'; readonly owner: Hex; readonly bytes: Hex }
  /** The owner called `approveHash`, or is the one who executes: v is 1. */
  | { readonly kind: 'approved'; readonly owner: Hex }
  /** The owner is a contract, which is asked (EIP-1271): v is 0. */
  | { readonly kind: 'contract'; readonly owner: Hex; readonly bytes: Hex }

/** Bytes of one place in a bundle; what contracts have to say stands behind. */
export const size = 65

/**
 * All in one, ascending by owner as the contract demands, what contract owners
 * say behind the fixed parts.
 *
 * @throws TypeError for two of one owner
 */
export function pack(signatures: readonly SafeSignature[]): Hex {
  const sorted = [...signatures].sort((a, b) => (key(a) < key(b) ? -1 : 1))
  for (const [index, one] of sorted.entries())
    if (index > 0 && key(one) === key(sorted[index - 1] as SafeSignature))
      throw new TypeError(`two signatures of ${one.owner}`)
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
