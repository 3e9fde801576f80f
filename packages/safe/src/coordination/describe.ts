import { AddressField, type Hex } from '@keyward/core'
import type { Execution } from '../outcome.js'
import type { ProposalState } from '../readStatus.js'
import type { SafeState } from '../state/readState.js'
import { hasFailed, maxAttempts } from './attempts.js'
import { isSigned, type ProposalRecord } from './ProposalRecord.js'
import type { Relayed } from './Relayer.js'

/** A proposal as shown to callers: without any signatures. */
export type Described = {
  readonly safeTx: Hex
  readonly nonce: bigint
  readonly end: End
  /** An explanation of the state, and the next step. */
  readonly why: string
  readonly proposer: string
  readonly createdAt: number
  readonly expiresAt: number
  /** Current owners who have signed. */
  readonly signed: readonly Hex[]
  readonly missing: readonly Hex[]
  readonly threshold: number
  /** Other proposals with the same nonce: only one of them can be executed. */
  readonly alternatives: readonly Hex[]
  readonly execution: Execution | undefined
  /** Undefined unless it was executed and the relayer was asked. */
  readonly isByRelayer: boolean | undefined
  readonly relayed: Relayed | undefined
}

export type End =
  /** More signatures are needed. */
  | 'waiting'
  /** Enough owners have signed. */
  | 'ready'
  /** Enough owners have signed, but another nonce is the Safe's next. */
  | 'later'
  | 'executing'
  /** The Safe logged ExecutionSuccess for this hash. */
  | 'mined'
  /** The Safe logged ExecutionFailure for this hash. */
  | 'failed'
  | 'replaced'
  /** Its nonce is used, but by an unknown transaction. */
  | 'gone'
  | 'rejected'
  | 'expired'

export function describe(
  record: ProposalRecord,
  state: ProposalState,
  safe: Pick<SafeState, 'threshold'>,
  about: { now: number; attempts?: readonly Relayed[] },
): Described {
  const { proposal, signed, missing, alternatives } = state
  const { attempts = [] } = about
  const relayed = attempts.at(-1)
  const { safeTx, proposer, createdAt, expiresAt } = record
  const execution = state.end.kind === 'executed' ? state.end : undefined
  const end = endOf(record, state, about.now)
  return {
    ...{ safeTx, nonce: proposal.transaction.nonce, end },
    why: explain(end, record, state, about),
    ...{ proposer, createdAt, expiresAt, signed, missing },
    ...{ threshold: safe.threshold, alternatives, relayed },
    execution: execution && {
      outcome: execution.outcome,
      transaction: execution.transaction,
      block: execution.block,
    },
    isByRelayer: execution && isBy(attempts, execution.transaction),
  }
}

const isBy = (attempts: readonly Relayed[], transaction: string) =>
  attempts.some(({ hashes }) => hashes.some((hash) => hash === transaction))

function endOf(
  { status, expiresAt }: ProposalRecord,
  { end }: ProposalState,
  now: number,
): End {
  // The chain's state takes precedence over anyone's decision.
  if (end.kind === 'executed')
    return end.outcome === 'success' ? 'mined' : 'failed'
  if (end.kind === 'replaced' || end.kind === 'gone') return end.kind
  if (status === 'rejected') return 'rejected'
  if (status === 'executing') return 'executing'
  return expiresAt <= now ? 'expired' : end.kind
}

function explain(
  end: End,
  record: ProposalRecord,
  { proposal, signed, missing, end: found }: ProposalState,
  { attempts = [] }: { attempts?: readonly Relayed[] },
): string {
  const relayed = attempts.at(-1)
  const { nonce } = proposal.transaction
  const shared =
    record.sharedAt === undefined
      ? ''
      : 'The proposal was exported or imported, so owners may have signed it outside this stack. '
  const theirs =
    signed.length === 0
      ? 'Signatures'
      : `The signatures of ${signed.map(AddressField.toChecksum).join(', ')}`
  const stillValid = isSigned(record)
    ? `${shared}${theirs} stay valid until the Safe's nonce ${nonce} is used. To use it, execute an empty call or another proposal with this nonce.`
    : 'Nobody has signed the proposal here.'
  switch (end) {
    case 'waiting':
      return (
        'Waiting for signatures. Not signed yet: ' +
        `${missing.map(AddressField.toChecksum).join(', ')}.`
      )
    case 'ready':
      return 'Enough owners have signed, so the proposal can be executed.'
    case 'later':
      return `Enough owners have signed. First execute the proposals with nonces below ${nonce}.`
    case 'executing':
      if (relayed === undefined)
        return 'The proposal was sent to the relayer, but the relayer does not have it. Call execute again.'
      return hasFailed(relayed)
        ? `The relayer's transaction ${relayed.hash} ${relayed.receiptStatus === 'reverted' ? 'was mined and reverted' : `ended (${relayed.status})`}: nothing was executed. ${attempts.length < maxAttempts ? `That was attempt ${attempts.length} of ${maxAttempts}. Find the cause, then call execute again, which first simulates the transaction.` : `That was the last of ${maxAttempts} attempts. Find the cause; keyward safe execute can send the proposal from another account.`}`
        : `The relayer has the transaction (${relayed.status}). ${relayed.problem ?? ''}`.trim()
    case 'mined':
    case 'failed': {
      const { transaction = '', block = 0n } =
        found.kind === 'executed' ? found : {}
      const who = isBy(attempts, transaction) ? 'the relayer' : 'somebody else'
      return end === 'mined'
        ? `Executed by ${who} in block ${block}: the Safe logged ExecutionSuccess.`
        : `The Safe logged ExecutionFailure in block ${block}, in a transaction by ${who}. The proposal used its nonce, but had no other effect.`
    }
    case 'replaced':
      return `Another proposal was executed with nonce ${nonce}${found.kind === 'replaced' ? `: ${found.by}` : ''}.`
    case 'gone':
      return `Nonce ${nonce} was used by a transaction that was not proposed here or is too old for the node's logs.`
    case 'rejected':
      return `Rejected by ${record.rejectedBy}. ${record.rejectedLate === true ? 'The relayer already had the proposal and might still execute it. ' : ''}${stillValid}`
    case 'expired':
      return `The proposal has expired. ${stillValid}`
  }
}
