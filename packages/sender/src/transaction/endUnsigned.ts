import type {
  Outline,
  Reason,
  Status,
  TransactionRecord,
} from '../ledger/TransactionRecord.js'
import type { Context } from './Context.js'

/**
 * Ends a transaction that nothing is signed for. Its nonce is taken from it
 * first, so that a process which is about to sign finds that it may not.
 *
 * @returns undefined when something is signed, or it has just been changed
 */
export async function endUnsigned(
  { ledger, allocator, notify }: Context,
  transaction: Outline,
  end: { status: Status; reason: Reason; deadline: number },
): Promise<TransactionRecord | undefined> {
  const { id, nonce, claim } = transaction
  const { status, reason, deadline } = end
  const from = { owner: id, claim }
  if (nonce !== undefined && !(await allocator.giveBack(nonce, from, deadline)))
    return undefined
  return ledger.finish(
    id,
    { status, reason, notify, unsigned: transaction },
    { deadline },
  )
}
