import * as Attempt from '../ledger/Attempt.js'
import type { NonceRecord } from '../ledger/NonceRecord.js'
import type { Outline } from '../ledger/TransactionRecord.js'
import type { Found } from '../transaction/findMined.js'
import { toEnd } from '../transaction/toEnd.js'
import { drop } from './drop.js'
import { giveBackUnspent } from './giveBackUnspent.js'
import { isAgreed, isAgreedOver } from './isAgreed.js'
import { ageMs, isDeep, notice, type Run } from './Run.js'
import { longMs, tellUnconfirmed } from './tell.js'

/** Records that an attempt is in a block, and whether that is final. */
export async function settleMined(
  run: Run,
  row: NonceRecord,
  transaction: Outline | undefined,
  given: Found,
): Promise<boolean> {
  const { context, deadline, report } = run
  const { receipt } = given
  const deep = await isDeep(run, given)
  // The row is a filler, or its transaction is gone.
  if (transaction === undefined || transaction.final) {
    const isOver = deep && (await isAgreedOver(run, row.nonce, given))
    if (!isOver) return false
    await giveBackUnspent(run, given.attempt, transaction?.caller)
    return true
  }
  const attempt = await judge(run, given.attempt, transaction)
  // The key signed these bytes, although they are not what was requested.
  if (attempt === undefined)
    return deep && drop(run, row, transaction, given.attempt)
  const found = { attempt, receipt }
  const mined = { hash: attempt.hash, ...receipt }
  const end = toEnd(transaction, attempt)
  const { blockHash } = transaction
  if (blockHash !== undefined && blockHash !== receipt.blockHash)
    tellReorg(run, row, transaction)
  if (!deep) tellShallow(run, row, transaction, found)
  if (!deep || !(await isAgreed(run, transaction, found))) {
    const isKnown =
      blockHash === receipt.blockHash && transaction.status === end.status
    if (!isKnown)
      await context.ledger.markMined(
        transaction.id,
        { ...end, mined },
        { deadline },
      )
    return false
  }
  const written = await context.ledger.finish(
    transaction.id,
    { ...end, mined, notify: context.notify },
    { deadline },
  )
  if (written === undefined) return true
  context.ends.add(written)
  await giveBackUnspent(run, attempt, transaction.caller)
  if (end.status === 'mined')
    report.counts[receipt.receiptStatus === 'reverted' ? 'reverted' : 'mined']++
  else if (end.status === 'refused') report.counts.refused++
  else if (end.status === 'dropped') report.counts.dropped++
  else report.counts[end.status === 'expired' ? 'expired' : 'replaced']++
  return true
}

/**
 * An attempt reported as the request's must do what the request asks for. If
 * the row labels a zero-value transfer to the account itself as the request, it
 * counts as a cancel.
 *
 * @returns undefined if it is neither
 * @throws LedgerItemError if the row is faulty
 */
async function judge(
  { context, deadline }: Run,
  attempt: Attempt.Attempt,
  { id }: Outline,
): Promise<Attempt.Attempt | undefined> {
  const { ledger, account } = context
  if (attempt.purpose !== 'request') return attempt
  const whole = await ledger.getTransaction(id, { deadline })
  if (whole !== undefined && Attempt.isOf(attempt, whole.request))
    return attempt
  return Attempt.isNothing(attempt, account)
    ? { ...attempt, purpose: 'cancel' }
    : undefined
}

/**
 * Reports a block that stays shallow: a node that invents a block may never
 * show confirmations for it.
 */
function tellShallow(
  run: Run,
  { nonce }: NonceRecord,
  { id, blockHash, updatedAt }: Outline,
  { receipt }: Found,
): void {
  const isLong =
    blockHash === receipt.blockHash && ageMs(run, updatedAt) >= longMs
  if (!isLong) return
  tellUnconfirmed(
    run,
    { id, nonce },
    `A node has the transaction in block ${receipt.blockNumber}, but has not shown ${run.settings.confirmations} confirmations of that block, so the transaction is not final. Check the endpoints in RPC_URL.`,
  )
}

/**
 * Handles a transaction whose block is gone: it continues as a sent
 * transaction.
 */
export async function unsettle(
  run: Run,
  row: NonceRecord,
  transaction: Outline,
): Promise<void> {
  const { attempts } = row
  const newest =
    attempts.filter(({ purpose }) => purpose === 'request').at(-1) ??
    attempts.at(-1)
  if (newest === undefined) return
  tellReorg(run, row, transaction)
  await run.context.ledger.markUnmined(transaction.id, newest.hash, {
    deadline: run.deadline,
  })
}

function tellReorg(
  run: Run,
  { nonce }: NonceRecord,
  { id, blockNumber }: Outline,
): void {
  run.report.counts.reorged++
  notice(run, {
    type: 'transaction.reorged',
    text: `Block ${blockNumber}, which contained the transaction, is no longer in the chain.`,
    transactionId: id,
    nonce: Number(nonce),
  })
}
