import type { Hex } from '@keyward/core'

/** The results of a repair. */
export type Repair = {
  /** Transactions on the chain or in the pool that were not in the ledger. */
  found: Found[]
  /** Nonces used on the chain by a transaction that no node shows. */
  unproven: bigint[]
  /**
   * Transactions wait behind these nonces, and nobody knows what was signed for
   * them, if anything. Nothing is accepted until each of them is used in a
   * final block.
   */
  lost: bigint[]
  /** The head's value before and after, if it was false. */
  lowered: { from: bigint; to: bigint } | undefined
  /** Ids of requests whose nonces came from a false head. */
  refused: string[]
  /** Whether the table is the account's ledger again. */
  complete: boolean
  /** Whether nothing was written. */
  dryRun: boolean
}

export type Found = {
  nonce: bigint
  hash: Hex
  to: Hex | undefined
  value: bigint
  data: Hex
  isMined: boolean
}
