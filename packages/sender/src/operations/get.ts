import { type RollupFee, toBytes } from '../chain/createDataFee.js'
import type { Attempt } from '../ledger/Attempt.js'
import type { TransactionRecord } from '../ledger/TransactionRecord.js'
import type { Context } from '../transaction/Context.js'
import { confirmEnd } from '../transaction/confirmEnd.js'
import { type GetAnswer, toGetAnswer } from './Answer.js'
import type { Call, Reference } from './Call.js'
import { findRow, findTransaction } from './find.js'

/**
 * Returns what is known about one transaction. A mined result is reported only
 * if the chain shows it.
 */
export async function get(
  context: Context,
  reference: Reference,
  call: Call,
): Promise<GetAnswer> {
  const { deadline } = call
  const transaction = await findTransaction(context, reference, call)
  return check(context, transaction, deadline)
}

/** Checks a transaction's record against the chain. */
export async function check(
  context: Context,
  transaction: TransactionRecord,
  deadline: number,
): Promise<GetAnswer> {
  const row = await findRow(context, transaction, deadline)
  const end = await confirmEnd(context, transaction, row, deadline)
  const attempts = row?.attempts ?? []
  if (!end.isShown) return toGetAnswer(transaction, attempts, end.problem)
  const fee = await findRollupFee(context, end.record, attempts, deadline)
  return toGetAnswer(end.record, attempts, undefined, fee)
}

/**
 * The fee of a transaction that may still be mined. For other transactions, the
 * receipt has the fee.
 */
async function findRollupFee(
  { dataFee }: Context,
  { request, final, blockHash }: TransactionRecord,
  attempts: readonly Attempt[],
  deadline: number,
): Promise<RollupFee | undefined> {
  const gas = attempts.at(-1)?.gas ?? request.gas
  if (final || blockHash !== undefined || gas === undefined) return undefined
  const size = { bytes: toBytes(request), gas }
  return dataFee(size, { deadline }).catch(() => undefined)
}
