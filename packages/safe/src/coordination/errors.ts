import { BaseError, type Hex, Quote } from '@keyward/core'
import type { ProposalRecord, RecordedView } from './ProposalRecord.js'

/** This Safe has no proposal with that hash. */
export class ProposalNotFoundError extends BaseError {
  override readonly name = 'ProposalNotFoundError'

  constructor(safeTx: Hex) {
    super('proposal-not-found', `There is no proposal ${safeTx}.`, {
      details:
        'Nothing was signed or sent. Use the hash that propose or list returned.',
    })
  }
}

/**
 * The proposal was rejected or has expired, so it can't be approved or executed
 * here.
 */
export class ProposalClosedError extends BaseError {
  override readonly name = 'ProposalClosedError'

  constructor(
    { safeTx, status, rejectedBy, expiresAt }: ProposalRecord,
    nonce: bigint,
  ) {
    const isRejected = status === 'rejected'
    const why = isRejected
      ? `was rejected by ${Quote.value(rejectedBy ?? 'somebody')}`
      : `expired at ${new Date(expiresAt).toISOString()}`
    super('proposal-closed', `The proposal ${safeTx} ${why}.`, {
      // Approving may notice it only after KMS has signed; the signature is
      // then discarded.
      details: `No signature was added, and nothing was sent. Existing signatures stay valid until the Safe's nonce ${nonce} is used. If you still want the transaction, ${isRejected ? 'first' : `propose it again with nonce ${nonce} if nobody has signed it. Otherwise, first`} use up nonce ${nonce} (execute an empty call or another proposal with it), and then propose the transaction with another nonce. Without this order, both could be executed.`,
    })
  }
}

/** A proposer tried to approve the proposal. */
export class OwnProposalError extends BaseError {
  override readonly name = 'OwnProposalError'

  constructor(safeTx: Hex, caller: string) {
    super(
      'own-proposal',
      `${Quote.value(caller)} made the proposal ${safeTx} and can't approve it.`,
      {
        details:
          "Nothing was signed. Another of this owner's approvers must approve the proposal, unless the stack sets proposerMayApprove.",
      },
    )
  }
}

/**
 * A caller who is not an approver may not reject proposals of others, or the
 * call that uses up a nonce.
 */
export class RejectNotAllowedError extends BaseError {
  override readonly name = 'RejectNotAllowedError'

  /**
   * @param empty - The nonce that the proposal uses up, if it is an empty call.
   */
  constructor(
    { safeTx, proposer, others = [] }: ProposalRecord,
    caller: string,
    empty: bigint | undefined,
  ) {
    const all = [...new Set([proposer, ...others])]
    const rest = all.filter((one) => one !== caller)
    const why =
      empty === undefined
        ? `which ${rest.map(Quote.value).join(' and ')} ${rest.length < all.length ? 'also ' : ''}proposed`
        : `which the owners may need to use up nonce ${empty}`
    super(
      'reject-not-allowed',
      `${Quote.value(caller)} can't reject the proposal ${safeTx}, ${why}.`,
      {
        details:
          'Nothing changed. ' +
          (empty === undefined
            ? 'A proposer can reject a proposal that nobody else has made too. A proposer who is also an approver can reject any proposal.'
            : 'Only a proposer who is also an approver can reject an empty call.'),
      },
    )
  }
}

/**
 * A proposer has too many proposals. Everyone reads the table, so no one may
 * fill it.
 */
export class TooManyProposalsError extends BaseError {
  override readonly name = 'TooManyProposalsError'

  /**
   * @param nonce - The nonce with too many proposals; undefined if all unused
   * nonces together have too many.
   */
  constructor(caller: string, count: number, max: number, nonce?: bigint) {
    const where = nonce === undefined ? 'unused nonces' : `nonce ${nonce}`
    super(
      'too-many-proposals',
      `${Quote.value(caller)} has ${count} proposals with ${where}; at most ${max} are allowed.`,
      {
        details: `Nothing was proposed. Rejected and expired proposals count too, until their nonce is used. Execute a proposal ${nonce === undefined ? 'with the next nonce' : 'with this nonce, or propose with another one'}.`,
      },
    )
  }
}

/**
 * The nodes of the co-signer and the coordinator show different states of the
 * Safe.
 */
export class ViewDiffersError extends BaseError {
  override readonly name = 'ViewDiffersError'

  constructor(own: RecordedView, recorded: RecordedView | undefined) {
    const say = ({ owners, threshold, nonce }: RecordedView) =>
      `nonce ${nonce}, threshold ${threshold}, owners ${[...owners].sort().join(', ')}`
    super(
      'view-differs',
      "This owner's node and the coordinator see different states of the Safe.",
      {
        details: `- this owner's node: ${say(own)}\n- the coordinator: ${recorded === undefined ? 'no state, because it has not read the Safe yet' : say(recorded)}\nNothing was signed. If the Safe has changed, run keyward safe status --stack NAME, so that the coordinator reads the Safe again. Then approve again. If the error persists, the owner's node or the coordinator's node is behind or gives wrong answers.`,
      },
    )
  }
}

/**
 * Maximum calldata in bytes. An item of the table can have 400 kB, including
 * signatures.
 */
export const maxDataBytes = 64 * 1024

/** The proposal and its signatures would not fit into one item. */
export class ProposalTooLargeError extends BaseError {
  override readonly name = 'ProposalTooLargeError'

  constructor(size: number) {
    super(
      'proposal-too-large',
      `The calldata has ${size} bytes; at most ${maxDataBytes} are allowed.`,
      {
        details:
          'Nothing was proposed. Split the calls into several proposals.',
      },
    )
  }
}
