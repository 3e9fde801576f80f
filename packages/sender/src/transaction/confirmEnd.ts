import type { Receipt } from '../chain/results.js'
import * as Attempt from '../ledger/Attempt.js'
import type { NonceRecord } from '../ledger/NonceRecord.js'
import type { TransactionRecord } from '../ledger/TransactionRecord.js'
import { nearUnreachable, unreachableCode } from '../nonce/unreachable.js'
import { toProblem } from './broadcast.js'
import type { Context } from './Context.js'

/** The chain's confirmation of an end that the ledger reports. */
export type Confirmation =
  /**
   * The end as the chain shows it, or as recorded if the chain has nothing to
   * show.
   */
  | { isShown: true; record: TransactionRecord }
  | { isShown: false; problem: string }

/**
 * Whether the chain confirms the end that a transaction's row reports. Anyone
 * who can write the row could claim anything, so the chain is asked about the
 * signed bytes before the end is passed on. If nothing is signed, the chain has
 * nothing to show.
 */
export async function confirmEnd(
  context: Context,
  transaction: TransactionRecord,
  row: NonceRecord | undefined,
  deadline: number,
): Promise<Confirmation> {
  if (context.ends.has(transaction))
    return { isShown: true, record: transaction }
  const { status, final, blockHash } = transaction
  try {
    const isOfBlock =
      blockHash !== undefined || status === 'mined' || status === 'replaced'
    // A reorg may have moved the same bytes to another block.
    const record = isOfBlock
      ? {
          ...transaction,
          ...(await findInBlock(context, transaction, row, deadline)),
        }
      : transaction
    if (!isOfBlock && final)
      await assertOver(context, transaction, row, deadline)
    if (final) context.ends.add(record)
    return { isShown: true, record }
  } catch (error) {
    const problem =
      error instanceof NotShown
        ? error.message
        : `which could not be checked: ${toProblem(error)}`
    return {
      isShown: false,
      problem: `The ledger says "${status}", ${problem}`,
    }
  }
}

/** The chain shows something else, or nothing. */
class NotShown extends Error {}

/** @throws NotShown */
async function findInBlock(
  { chain, account }: Context,
  transaction: TransactionRecord,
  row: NonceRecord | undefined,
  deadline: number,
): Promise<Receipt> {
  const { status, request, hash, adopted } = transaction
  const signed: (Attempt.Signed | undefined)[] =
    adopted && row?.foreign ? [row.foreign] : (row?.attempts ?? [])
  const found = signed.find((one) => one?.hash === hash)
  if (found === undefined)
    throw new NotShown(
      'but the recorded hash does not belong to any transaction signed for this nonce.',
    )
  const isRight =
    status === 'mined'
      ? Attempt.isOf(found, request)
      : Attempt.isNothing(found, account)
  if (!isRight)
    throw new NotShown(
      'but the transaction with the recorded hash does something else.',
    )
  const receipt = await chain.getReceipt(found.hash, { deadline })
  if (receipt === undefined)
    throw new NotShown(
      transaction.blockNumber === undefined
        ? 'but the node has no receipt.'
        : `but the node has no receipt (expected in block ${transaction.blockNumber}).`,
    )
  return receipt
}

/** @throws NotShown */
async function assertOver(
  context: Context,
  transaction: TransactionRecord,
  row: NonceRecord | undefined,
  deadline: number,
): Promise<void> {
  if (['accepted', 'reserved', 'signed', 'sent'].includes(transaction.status))
    throw new NotShown(
      'and marks the transaction as final, but that status is not final.',
    )
  if (row === undefined || row.attempts.length === 0) return
  const problem = await findUnmined(context, transaction, row, deadline)
  if (problem !== undefined) throw new NotShown(problem)
}

/**
 * Checks that the transaction is not mined, and that its signatures can no
 * longer be.
 */
async function findUnmined(
  { chain, account }: Context,
  { request, reason }: TransactionRecord,
  { nonce, attempts }: NonceRecord,
  deadline: number,
): Promise<string | undefined> {
  for (const attempt of attempts) {
    if (!Attempt.isOf(attempt, request)) continue
    const receipt = await chain.getReceipt(attempt.hash, { deadline })
    if (receipt !== undefined)
      return `but the node has a receipt for ${attempt.hash} (${toText(receipt)}).`
  }
  const options = { deadline }
  const count = await chain.getCount(account.address, 'latest', options)
  if (nonce < count) return undefined
  const isOutOfReach =
    reason?.code === unreachableCode &&
    (nonce > count + nearUnreachable || attempts.at(-1)?.purpose === 'cancel')
  return isOutOfReach
    ? undefined
    : `but a transaction signed for nonce ${nonce} can still be mined.`
}

function toText({ blockNumber, receiptStatus }: Receipt): string {
  return `in block ${blockNumber}, ${receiptStatus}`
}
