import type { Attempt } from '../ledger/Attempt.js'
import type { Run } from './Run.js'

/** How many blocks a relay gets to have its transactions mined. */
const patience = 25n

/**
 * Whether a transaction that the endpoints don't show is lost. A transaction
 * sent to a private endpoint is invisible to the others until it is mined.
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
