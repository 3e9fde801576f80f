import { TransactionStateError } from '../errors.js'
import { assertReplaceable } from '../transaction/assertReplaceable.js'
import type { Context } from '../transaction/Context.js'
import { replace } from '../transaction/replace.js'
import { type SendAnswer, toSendAnswer } from './Answer.js'
import {
  assertAccount,
  assertNotCancelled,
  assertPending,
} from './assertions.js'
import type { Call, Reference, SpeedUp } from './Call.js'
import { findRow, findTransaction } from './find.js'

/** Replaces a signed transaction with the same one at higher fees. */
export async function speedUp(
  context: Context,
  reference: Reference,
  options: SpeedUp,
  call: Call,
): Promise<SendAnswer> {
  const { deadline } = call
  const { ledger, runtime } = context
  const transaction = await findTransaction(context, reference, call)
  assertAccount(transaction, context, reference)
  assertPending(transaction)
  const row = await findRow(context, transaction, deadline)
  if (row?.damage !== undefined) throw row.damage
  if (row === undefined || row.attempts.length === 0)
    throw new TransactionStateError(
      transaction,
      'it is not signed yet, and will be sent at the fees that apply then',
    )
  const signed = row.attempts.filter(({ purpose }) => purpose === 'request')
  if (signed.length >= context.maxSignatures)
    throw new TransactionStateError(
      transaction,
      `it was signed ${signed.length} times, which is the maximum`,
    )
  assertNotCancelled(transaction, row, runtime.now())
  await assertReplaceable(context, transaction, row, deadline)
  const cap = options.maxFeePerGas ?? transaction.request.maxFeePerGas
  const replacement = await replace(context, row, {
    owner: transaction.id,
    transaction,
    purpose: 'request',
    gas: options.gas,
    request: transaction.request,
    pricing: {
      speed: options.speed ?? 'fast',
      ...(cap === undefined ? {} : { maxFeePerGas: cap }),
    },
    deadline,
  })
  const latest = () => findTransaction(context, reference, call)
  // A cancel was faster: its hash is not the request's.
  if (replacement?.attempt.purpose !== 'request')
    return toSendAnswer(await latest())
  const { attempt, outcome, rollupFee } = replacement
  // An attempt that no node has accepted ranks behind one that a node has
  // accepted.
  const written = outcome.sent
    ? await ledger.advanceStatus(transaction.id, 'sent', attempt.hash, {
        deadline,
      })
    : await ledger.noteProblem(transaction.id, outcome.problem, { deadline })
  return toSendAnswer(written ?? (await latest()), attempt, rollupFee)
}
