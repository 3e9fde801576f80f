import type { Attempt } from '../ledger/Attempt.js'
import type { Run } from './Run.js'

/** So many blocks a relay has to bring in what it was given. */
const patience = 25n

/**
 * Whether what the endpoints don't show is lost. What went to a private one is
 * unknown to the others until it is mined.
 */
export async function isLost(
  { context, view, deadline }: Run,
  { signedAt }: Attempt,
): Promise<boolean> {
  const { chain } = context
  if (!chain.isPrivate) return true
  if (view.block < patience) return false
  view.before ??= chain
    .getBlock(view.block - patience, { deadline })
    .then(({ minedAt }) => minedAt)
  return (await view.before) > signedAt
}
