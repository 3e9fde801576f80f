import { BaseError, type Hex, Quote } from '@keyward/core'
import type { ProposalRecord, RecordedView } from './ProposalRecord.js'

/** No proposal of this Safe has that hash. */
export class ProposalNotFoundError extends BaseError {
  override readonly name = 'ProposalNotFoundError'

  constructor(safeTx: Hex) {
    super('proposal-not-found', `There is no proposal ${safeTx}.`, {
      details:
        'Nothing was signed or sent. Take the hash from what propose or list answered.',
    })
  }
}

/** It was rejected, or its time is over: nobody approves or executes it here. */
export class ProposalClosedError extends BaseError {
  override readonly name = 'ProposalClosedError'

  constructor(
    { safeTx, status, rejectedBy, expiresAt }: ProposalRecord,
    nonce: bigint,
  ) {
    const why =
      status === 'rejected'
        ? `was rejected by ${Quote.value(rejectedBy ?? 'somebody')}`
        : `expired at ${new Date(expiresAt).toISOString()}`
    super('proposal-closed', `The proposal ${safeTx} ${why}.`, {
      details: `Nothing was signed or sent. What was signed before stays valid until the Safe's nonce ${nonce} is used. Propose what is meant anew: another nonce makes it another proposal.`,
    })
  }
}

/** Who proposes does not approve as well. */
export class OwnProposalError extends BaseError {
  override readonly name = 'OwnProposalError'

  constructor(safeTx: Hex, caller: string) {
    super(
      'own-proposal',
      `${Quote.value(caller)} proposed ${safeTx} and can't approve it.`,
      {
        details:
          'Nothing was signed. Somebody else approves for this owner, or the stack allows it with proposerMayApprove.',
      },
    )
  }
}

/** The co-signer's node and the coordinator's see two Safes. */
export class ViewDiffersError extends BaseError {
  override readonly name = 'ViewDiffersError'

  constructor(own: RecordedView, recorded: RecordedView | undefined) {
    const say = ({ owners, threshold, nonce }: RecordedView) =>
      `nonce ${nonce}, threshold ${threshold}, owners ${[...owners].sort().join(', ')}`
    super(
      'view-differs',
      "This owner's node and the coordinator don't see the same Safe.",
      {
        details: `- this owner's node: ${say(own)}\n- the coordinator: ${recorded === undefined ? 'has not looked at it yet' : say(recorded)}\nNothing was signed. If the Safe has moved on since, ask the coordinator for status, which looks anew, and approve again. If they still differ, one of the two nodes is behind or lies.`,
      },
    )
  }
}
