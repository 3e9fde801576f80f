import { assertReplaceable } from '../transaction/assertReplaceable.js'
import type { Context } from '../transaction/Context.js'
import { cancelUnsigned } from '../transaction/cancelUnsigned.js'
import { replace } from '../transaction/replace.js'
import { type SendAnswer, toSendAnswer } from './Answer.js'
import { assertAccount, assertPending } from './assertions.js'
import type { Call, Reference } from './Call.js'
import { findRow, findTransaction } from './find.js'

/**
 * Stops an unsigned transaction; replaces a signed one with a zero-value
 * transfer to the account itself.
 */
export async function cancel(
  context: Context,
  reference: Reference,
  call: Call,
): Promise<SendAnswer> {
  const { deadline } = call
  const { ledger } = context
  const before = await findTransaction(context, reference, call)
  assertAccount(before, context, reference)
  assertPending(before)
  const signed = await findRow(context, before, deadline)
  if (signed?.damage !== undefined) throw signed.damage
  if (signed !== undefined && signed.attempts.length > 0)
    await assertReplaceable(context, before, signed, deadline)
  // From here on, the transaction gets no nonce, and the reconciler knows why.
  await ledger.requestCancel(before.id, { deadline })
  const transaction = await findTransaction(context, reference, call)
  const ended = await cancelUnsigned(context, transaction, deadline)
  if (ended !== undefined) return toSendAnswer(ended)
  const row = await findRow(context, transaction, deadline)
  const newest = row?.attempts.at(-1)
  if (row === undefined || newest === undefined || newest.purpose === 'cancel')
    return toSendAnswer(await findTransaction(context, reference, call), newest)
  const replacement = await replace(context, row, {
    owner: transaction.id,
    transaction,
    purpose: 'cancel',
    pricing: { speed: 'fast' },
    deadline,
  })
  const problem =
    replacement === undefined || replacement.outcome.sent
      ? undefined
      : replacement.outcome.problem
  return toSendAnswer(
    { ...(await findTransaction(context, reference, call)), problem },
    replacement?.attempt,
    replacement?.rollupFee,
  )
}
