import { classifyText } from '../chain/SendFailure.js'
import type { Attempt } from '../ledger/Attempt.js'
import type { NonceRecord } from '../ledger/NonceRecord.js'
import type { Outline } from '../ledger/TransactionRecord.js'
import type { Context } from './Context.js'

/** What is known of the transaction whose nonce it is. */
type Known = Pick<Outline, 'status' | 'hash' | 'problem'> | undefined

/**
 * The attempts that stand in a pool, as far as anybody knows: only they have to
 * be outbid. What a pool refused, and what no node shows, does not count, unless
 * a pool says that something is in the way.
 */
export async function findTaken(
  context: Context,
  { attempts }: NonceRecord,
  transaction: Known,
  deadline: number,
): Promise<Attempt[]> {
  if (isOutbid(transaction)) return attempts
  const taken = await Promise.all(
    attempts.map((one) => isTaken(context, one, transaction, deadline)),
  )
  return attempts.filter((_, index) => taken[index])
}

/** Whether a pool has taken an attempt. */
export async function isTaken(
  { chain, pools }: Context,
  { hash }: Attempt,
  transaction: Known,
  deadline: number,
): Promise<boolean> {
  if (transaction?.status === 'sent' && transaction.hash === hash) return true
  const known = pools.get(hash)
  if (known !== undefined) return known
  // The endpoints that are asked see nothing before it is mined.
  if (chain.isPrivate) return transaction?.status !== 'signed'
  const isShown = await chain
    .hasTransaction(hash, { deadline })
    .catch(() => true)
  if (isShown) pools.note(hash, true)
  return isShown
}

/** The last thing that a pool said was that another one is in the way. */
function isOutbid(transaction: Known): boolean {
  const [, reason] =
    /^The node refused it: (.*)$/s.exec(transaction?.problem ?? '') ?? []
  return (
    reason !== undefined && classifyText(reason) === 'replacement-underpriced'
  )
}
