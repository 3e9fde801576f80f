import type { Hex } from '@keyward/core'

/** What repair found and did. */
export type Repair = {
  /** On the chain or in the pool, and not in the ledger. */
  found: Found[]
  /** Used on the chain, and no node shows by what. */
  unproven: bigint[]
  /**
   * Others wait behind it, and nobody knows what was signed for it, if anything.
   * Nothing is accepted until each of them is used, in a final block.
   */
  lost: bigint[]
  /** The head was false: from where to where it was lowered. */
  lowered: { from: bigint; to: bigint } | undefined
  /** Ids of requests that a false head had given nonces. */
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
