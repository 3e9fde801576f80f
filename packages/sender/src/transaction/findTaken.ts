import { classifyText } from '../chain/SendFailure.js'
import type { Attempt } from '../ledger/Attempt.js'
import type { NonceRecord } from '../ledger/NonceRecord.js'
import type { Outline } from '../ledger/TransactionRecord.js'
import { reasonIn } from './broadcast.js'
import type { Context } from './Context.js'

/** The known state of the transaction that owns the nonce. */
type Known = Pick<Outline, 'status' | 'hash' | 'problem'> | undefined

/**
 * The attempts that are in a pool, as far as is known. Only these must be
 * outbid. An attempt that a pool refused and no node shows doesn't count,
 * unless a pool reports that something is in the way.
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

/** Whether a pool has accepted an attempt. */
export async function isTaken(
  { chain, pools }: Context,
  { hash }: Attempt,
  transaction: Known,
  deadline: number,
): Promise<boolean> {
  if (transaction?.status === 'sent' && transaction.hash === hash) return true
  const known = pools.get(hash)
  if (known !== undefined) return known
  // The endpoints for reading don't see an attempt before it is mined.
  if (chain.isPrivate) return transaction?.status !== 'signed'
  const isShown = await chain
    .hasTransaction(hash, { deadline })
    .catch(() => true)
  if (isShown) pools.note(hash, true)
  return isShown
}

/** Whether a pool's last answer was that another transaction is in the way. */
function isOutbid(transaction: Known): boolean {
  const reason = reasonIn(transaction?.problem ?? '')
  return (
    reason !== undefined && classifyText(reason) === 'replacement-underpriced'
  )
}
