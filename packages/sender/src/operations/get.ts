import { type RollupFee, toBytes } from '../chain/createDataFee.js'
import * as Attempt from '../ledger/Attempt.js'
import type { NonceRecord } from '../ledger/NonceRecord.js'
import type { TransactionRecord } from '../ledger/TransactionRecord.js'
import type { Context } from '../transaction/Context.js'
import { confirmEnd } from '../transaction/confirmEnd.js'
import { findMined } from '../transaction/findMined.js'
import { toEnd } from '../transaction/toEnd.js'
import { type GetAnswer, toGetAnswer } from './Answer.js'
import type { Call, Reference } from './Call.js'
import { findRow, findTransaction } from './find.js'

/**
 * Returns what is known about one transaction. A mined result is reported only
 * if the chain shows it, even if the reconciler hasn't recorded it yet.
 */
export async function get(
  context: Context,
  reference: Reference,
  call: Call,
): Promise<GetAnswer> {
  const { deadline } = call
  const transaction = await findTransaction(context, reference, call)
  const row = await findRow(context, transaction, deadline)
  return look(context, transaction, row, deadline)
}

async function look(
  context: Context,
  transaction: TransactionRecord,
  row: NonceRecord | undefined,
  deadline: number,
): Promise<GetAnswer> {
  const soon = soonOf(context, deadline)
  const unrecorded = await findUnrecorded(
    context,
    transaction,
    row,
    soon,
  ).catch(() => 'unknown' as const)
  if (unrecorded !== undefined && unrecorded !== 'unknown')
    return toGetAnswer(unrecorded, row?.attempts ?? [])
  const answer = await confirm(context, transaction, row, soon)
  // If no node answered, it may be in a block.
  return unrecorded === 'unknown' ? { ...answer, checked: false } : answer
}

/**
 * How long to wait for the chain. Without it, what the ledger says is still an
 * answer, so a node that hangs must not use up the caller's time.
 */
const patienceMs = 5000

const soonOf = ({ runtime }: Context, deadline: number) =>
  Math.min(deadline, runtime.now() + patienceMs)

/**
 * Checks a transaction's record against the chain. An unrecorded block is
 * looked for only if a cancel is signed, because it decides whether the request
 * can still be paid.
 */
export async function check(
  context: Context,
  transaction: TransactionRecord,
  deadline: number,
): Promise<GetAnswer> {
  const row = await findRow(context, transaction, deadline)
  const isReplaced = row?.attempts.some(({ purpose }) => purpose !== 'request')
  return isReplaced
    ? look(context, transaction, row, deadline)
    : confirm(context, transaction, row, soonOf(context, deadline))
}

async function confirm(
  context: Context,
  transaction: TransactionRecord,
  row: NonceRecord | undefined,
  deadline: number,
): Promise<GetAnswer> {
  const end = await confirmEnd(context, transaction, row, deadline)
  const attempts = row?.attempts ?? []
  if (!end.isShown) return toGetAnswer(transaction, attempts, end.problem)
  const fee = await findRollupFee(context, end.record, attempts, deadline)
  return toGetAnswer(end.record, attempts, undefined, fee)
}

/**
 * The record that the reconciler will write in its next run, if a block already
 * contains one of the request's signed versions.
 */
async function findUnrecorded(
  context: Context,
  transaction: TransactionRecord,
  row: NonceRecord | undefined,
  deadline: number,
): Promise<TransactionRecord | undefined> {
  const { request, account, final, blockHash } = transaction
  if (row === undefined || final || blockHash !== undefined) return undefined
  const attempts = Attempt.ofRequest(row.attempts, request, account)
  const found = await findMined(context, { attempts }, deadline)
  if (found === undefined) return undefined
  // A cancel is requested before it is signed, but perhaps after the record was
  // read and before its nonce's row was.
  const current =
    found.attempt.purpose === 'request' || transaction.cancelRequested
      ? transaction
      : ((await context.ledger.getTransaction(transaction.id, { deadline })) ??
        transaction)
  return {
    ...current,
    ...toEnd(current, found.attempt),
    hash: found.attempt.hash,
    ...found.receipt,
    problem: undefined,
  }
}

/**
 * The fee of a transaction that may still be mined. For other transactions, the
 * receipt has the fee.
 */
async function findRollupFee(
  { dataFee }: Context,
  { request, final, blockHash }: TransactionRecord,
  attempts: readonly Attempt.Attempt[],
  deadline: number,
): Promise<RollupFee | undefined> {
  const gas = attempts.at(-1)?.gas ?? request.gas
  if (final || blockHash !== undefined || gas === undefined) return undefined
  const size = { bytes: toBytes(request), gas }
  return dataFee(size, { deadline }).catch(() => undefined)
}
