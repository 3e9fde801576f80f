import type { Hex } from '@keyward/core'
import { Proposal, SafeTransaction } from '@keyward/safe'
import * as Shown from './Shown.js'
import type { Answer } from './withMultisig.js'

/**
 * Checks that the answer is about the intended transaction and matches its
 * hash, because the co-signer is another party's program.
 *
 * @throws ProposalMismatchError
 */
export function assertShown(meant: Hex, answer: Answer): void {
  const { domain, call, nonce, hashes, findings, opened } =
    Shown.fromAnswer(answer)
  const { to, value, data, operation } = call
  // The answer omits these fields, but mentions them if they are used.
  const hasMore = [...findings, ...opened].some(
    ({ danger, path }) =>
      path === '' && (danger === 'refund' || danger === 'safe-tx-gas'),
  )
  const shown = SafeTransaction.create({ to, value, data, operation, nonce })
  const { safeTx } = SafeTransaction.hash(domain, shown)
  for (const hash of [hashes.safeTx, ...(hasMore ? [] : [safeTx])])
    if (hash !== meant) throw new Proposal.ProposalMismatchError(hash, meant)
}
