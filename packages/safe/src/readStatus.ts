import type { Hex } from '@keyward/core'
import type { Rpc } from '@keyward/core/rpc'
import * as Outcome from './outcome.js'
import type { Proposal } from './Proposal.js'
import type { SafeFile } from './SafeFile.js'
import { askEach } from './state/askEach.js'
import * as Pins from './state/Pins.js'
import { readState, type SafeState } from './state/readState.js'

/** A Safe's current state, its differences from the pins, and its proposals. */
export type SafeStatus = {
  readonly state: SafeState
  /** Differences from the pins, in words. */
  readonly changes: readonly string[]
  readonly proposals: readonly ProposalState[]
}

export type ProposalState = {
  readonly proposal: Proposal
  /** Current owners who have signed it. */
  readonly signed: readonly Hex[]
  readonly missing: readonly Hex[]
  /** Signers who are not owners: their signatures don't count. */
  readonly strangers: readonly Hex[]
  readonly end:
    | { readonly kind: 'waiting' | 'ready' | 'later' }
    | ({ readonly kind: 'executed' } & Outcome.Execution)
    /** Another of these proposals was executed with its nonce. */
    | { readonly kind: 'replaced'; readonly by: Hex }
    /** Its nonce is used, but by an unknown transaction. */
    | { readonly kind: 'gone' }
  /**
   * Other proposals in this list with the same nonce. Only one of them can be
   * executed.
   */
  readonly alternatives: readonly Hex[]
}

export type StatusOptions = {
  readonly deadline?: number | undefined
  /**
   * Transactions that are claimed to have executed proposals, by proposal hash.
   */
  readonly executedBy?: ReadonlyMap<Hex, Hex> | undefined
}

/** Reads the Safe and each proposal's state; changes nothing. */
export async function readStatus(
  rpc: Rpc,
  { domain, pins }: SafeFile,
  proposals: readonly Proposal[],
  options: StatusOptions = {},
): Promise<SafeStatus> {
  const { deadline } = options
  const state = await readState(rpc, domain, { deadline })
  const read = await askEach(proposals, (one) =>
    readProposal(rpc, state, one, proposals, options),
  )
  return {
    state,
    changes: Pins.findChanges(pins, state),
    proposals: read.map((one) => orReplaced(one, read)),
  }
}

/** Marks a proposal as replaced if another one with its nonce was executed. */
function orReplaced(
  one: ProposalState,
  all: readonly ProposalState[],
): ProposalState {
  if (one.end.kind !== 'gone') return one
  const other = all.find(
    ({ proposal, end }) =>
      end.kind === 'executed' && one.alternatives.includes(proposal.safeTx),
  )
  if (other === undefined) return one
  return { ...one, end: { kind: 'replaced', by: other.proposal.safeTx } }
}

async function readProposal(
  rpc: Rpc,
  state: SafeState,
  proposal: Proposal,
  all: readonly Proposal[],
  options: StatusOptions,
): Promise<ProposalState> {
  const { transaction, safeTx, signatures } = proposal
  const signers = signatures.map(({ owner }) => owner)
  const signed = state.owners.filter((owner) => signers.includes(owner))
  return {
    proposal,
    signed,
    missing: state.owners.filter((owner) => !signers.includes(owner)),
    strangers: signers.filter((signer) => !state.owners.includes(signer)),
    end: await readEnd(rpc, state, proposal, signed.length, options),
    alternatives: all
      .filter(
        (other) =>
          other.safeTx !== safeTx &&
          other.transaction.nonce === transaction.nonce,
      )
      .map((other) => other.safeTx),
  }
}

async function readEnd(
  rpc: Rpc,
  { nonce, threshold, block }: SafeState,
  { domain, transaction, safeTx }: Proposal,
  signed: number,
  { deadline, executedBy }: StatusOptions,
): Promise<ProposalState['end']> {
  if (transaction.nonce < nonce) {
    const said = executedBy?.get(safeTx)
    const found =
      (said && (await Outcome.read(rpc, domain, safeTx, said, { deadline }))) ??
      (await Outcome.search(rpc, domain, safeTx, block, { deadline }))
    return found === undefined
      ? { kind: 'gone' }
      : { kind: 'executed', ...found }
  }
  if (signed < threshold) return { kind: 'waiting' }
  return { kind: transaction.nonce > nonce ? 'later' : 'ready' }
}
