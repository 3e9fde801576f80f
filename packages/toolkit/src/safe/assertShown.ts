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
    if (hash !== meant) throw new Proposal.ProposalMismatchError(hash, meant)
}
