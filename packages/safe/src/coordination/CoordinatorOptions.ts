import type { Rpc } from '@keyward/core/rpc'
import type { Rules } from '../danger/Danger.js'
import type { SafeFile } from '../SafeFile.js'
import type { ProposalStore } from './ProposalRecord.js'
import type { Relayer } from './Relayer.js'

export type CoordinatorOptions = {
  readonly rpc: Rpc
  readonly file: SafeFile
  readonly store: ProposalStore
  readonly relayer: Relayer
  /**
   * Dangers that any co-signer's rules allow. Any other danger prevents the
   * execution.
   */
  readonly rules: Rules
  /** Names of the approvers, who may reject proposals of others. */
  readonly approvers: readonly string[]
  /** How long a proposal can be approved and executed. */
  readonly lifetimeMs: number
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** The caller, and the request's deadline. */
export type Call = {
  readonly caller: string
  readonly deadline?: number | undefined
}
