import type { TransactionRecord } from '../ledger/TransactionRecord.js'
import type { Context } from '../transaction/Context.js'
import { confirmEnd } from '../transaction/confirmEnd.js'
import { type GetAnswer, toGetAnswer } from './Answer.js'
import type { Call, Reference } from './Call.js'
import { findRow, findTransaction } from './find.js'

/**
 * What is known of one transaction. An end in a block is told only when the
 * chain shows it.
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

/** What is told of a transaction, with what the chain says of it. */
export async function check(
  context: Context,
  transaction: TransactionRecord,
  deadline: number,
): Promise<GetAnswer> {
  const row = await findRow(context, transaction, deadline)
  const end = await confirmEnd(context, transaction, row, deadline)
  const attempts = row?.attempts ?? []
  return end.isShown
    ? toGetAnswer(end.record, attempts)
    : toGetAnswer(transaction, attempts, end.problem)
}
