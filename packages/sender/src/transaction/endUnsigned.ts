import type {
  Outline,
  Reason,
  Status,
  TransactionRecord,
} from '../ledger/TransactionRecord.js'
import { assertNotRepeat, PossibleRepeatError } from './assertNotRepeat.js'
import type { Context } from './Context.js'

/**
 * Ends an unsigned transaction. Its nonce is taken away first, so that a
 * process about to sign for it finds that it must not.
 *
 * @returns undefined if something is signed, or it has just changed
 */
export async function endUnsigned(
  context: Context,
  transaction: Outline,
  end: { status: Status; reason: Reason; deadline: number },
): Promise<TransactionRecord | undefined> {
  const { id, nonce, claim } = transaction
  const { deadline } = end
  const { status, reason } = await toTrue(context, transaction, end)
  const { ledger, allocator, notify } = context
  const from = { owner: id, claim }
  if (nonce !== undefined && !(await allocator.giveBack(nonce, from, deadline)))
    return undefined
  return ledger.finish(
    id,
    { status, reason, notify, unsigned: transaction },
    { deadline },
  )
}

type Ending = { status: Status; reason: Reason }

/**
 * A ledger that was repaired may have sent the transaction and lost the record,
 * so the caller must not be informed that it was not sent.
 */
async function toTrue(
  context: Context,
  { id }: Outline,
  end: Ending & { deadline: number },
): Promise<Ending> {
  const { deadline } = end
  const whole = await context.ledger.getTransaction(id, { deadline })
  if (whole === undefined) return end
  try {
    await assertNotRepeat(context, whole, deadline)
    return end
  } catch (error) {
    if (!(error instanceof PossibleRepeatError)) throw error
    const { code, shortMessage } = error
    return { status: 'refused', reason: { code, text: shortMessage } }
  }
}
