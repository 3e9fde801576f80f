import type { Hex } from '@keyward/core'

/** What repair found and did. */
export type Repair = {
  /** On the chain or in the pool, but not in the ledger. */
  found: Found[]
  /** Used on the chain by a transaction that no node shows. */
  unproven: bigint[]
  /**
   * Transactions wait behind these nonces, and nobody knows what was signed for
   * them, if anything. Nothing is accepted until each of them is used in a
   * final block.
   */
  lost: bigint[]
  /** The head was false: its value before and after. */
  lowered: { from: bigint; to: bigint } | undefined
  /** Ids of requests whose nonces came from a false head. */
  refused: string[]
  /** The table is the account's ledger again. */
  complete: boolean
  /** Nothing was written. */
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
