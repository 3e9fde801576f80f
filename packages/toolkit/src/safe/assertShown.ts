import type { Hex } from '@keyward/core'
import { Proposal, SafeTransaction } from '@keyward/safe'
import * as Shown from './Shown.js'
import type { Answer } from './withMultisig.js'

/**
 * Checks that the answer is about the intended transaction and matches its
 * hash, because another party may run the co-signer.
 *
 * @throws ProposalMismatchError
 */
export function assertShown(meant: Hex, answer: Answer): void {
  const { domain, call, nonce, hashes } = Shown.fromAnswer(answer)
  const { to, value, data, operation } = call
  const shown = SafeTransaction.create({
    ...{ to, value, data, operation, nonce },
    ...Shown.readRefund(answer),
  })
  const { safeTx } = SafeTransaction.hash(domain, shown)
  for (const hash of [hashes.safeTx, safeTx])
    if (hash !== meant) throw otherAnswer('transaction', hash, meant)
}

/** The error for a co-signer that answers about something else. */
export function otherAnswer(
  what: 'transaction' | 'message',
  shown: Hex,
  meant: Hex,
): Proposal.ProposalMismatchError {
  return new Proposal.ProposalMismatchError(shown, meant, {
    text: `The request was about the ${what} ${meant}, but the co-signer answered about ${shown}.`,
    details:
      "Don't use the answer. Check that --stack is the right stack, and whether anyone has changed its functions (keyward doctor).",
  })
}
