import * as Attempt from '../ledger/Attempt.js'
import { LedgerItemError } from '../ledger/errors.js'
import { isUnsigned, type NonceRecord } from '../ledger/NonceRecord.js'
import type { Outline } from '../ledger/TransactionRecord.js'
import { findMined } from '../transaction/findMined.js'
import { completeUnsigned } from './completeUnsigned.js'
import { forEachAtOnce } from './forEachAtOnce.js'
import { inspectOne } from './inspectNonces.js'
import { ageMs, attempt, hasTime, type Run, tellDamage } from './Run.js'

const pageSize = 100
const atOnce = 8
/**
 * The maximum number of ended transactions to collect. One run can't report
 * more.
 */
const maxEnded = 1000

/**
 * Processes open transactions, and assigns nonces to those waiting for one.
 *
 * @param from - Nonces below it count as settled.
 * @returns ended transactions of which the webhook has not been notified
 */
export async function inspectOpen(
  run: Run,
  from: bigint | undefined,
): Promise<Outline[]> {
  const { ledger, account } = run.context
  const ended: Outline[] = []
  let after: unknown
  do {
    const page = await ledger.listOpen(account, {
      limit: pageSize,
      after,
      deadline: run.deadline,
    })
    after = page.after
    for (const damaged of page.damaged) tellDamage(run, damaged)
    await forEachAtOnce(page.transactions, atOnce, async (transaction) => {
      const error = findFault(run, transaction)
      if (error !== undefined)
        return tellDamage(run, { error, id: transaction.id })
      if (transaction.final) {
        if (transaction.undelivered && ended.length < maxEnded)
          ended.push(transaction)
        return
      }
      if (!hasTime(run)) return
      run.report.counts.open++
      await attempt(run, { transaction, nonce: transaction.nonce }, () =>
        inspect(run, transaction, from),
      )
    })
  } while (after !== undefined && hasTime(run))
  return ended
}

/** A state that no write of the ledger produces. */
function findFault(
  { context }: Run,
  { account, id, final, status }: Outline,
): LedgerItemError | undefined {
  const { chainId, address } = context.account
  if (account.chainId !== chainId || account.address !== address)
    return new LedgerItemError(
      `transaction ${id}`,
      `it belongs to ${account.address} on chain ${account.chainId}, but is listed under another account`,
    )
  if (final && ['accepted', 'reserved', 'signed', 'sent'].includes(status))
    return new LedgerItemError(
      `transaction ${id}`,
      `it is marked as final, but its status is "${status}", which is not final`,
    )
  return undefined
}

async function inspect(
  run: Run,
  transaction: Outline,
  from: bigint | undefined,
): Promise<void> {
  const { id, nonce, status, updatedAt } = transaction
  // If the transaction is open, its nonce is not settled, whatever the lease
  // says.
  if (nonce !== undefined && from !== undefined && nonce < from)
    await inspectOne(run, nonce)
  const isOpen = ['accepted', 'reserved'].includes(status)
  if (!isOpen || ageMs(run, updatedAt) < run.settings.graceMs) return
  // A signed transaction is processed through its nonce.
  if (run.signed.has(id)) return
  if (nonce === undefined) return completeUnsigned(run, transaction)
  const { ledger, account } = run.context
  const options = { deadline: run.deadline }
  const row = await ledger.getNonce(account, nonce, options)
  if (row?.owner === id && row.claim === transaction.claim) return
  if (row !== undefined && !isUnsigned(row))
    await assertOfOther(run, row, transaction)
  const unbound = await ledger.unbind(transaction, options)
  if (unbound !== undefined) await completeUnsigned(run, unbound)
}

/**
 * A signature never changes its owner. If a nonce was taken from a transaction
 * and another transaction signed for it, the nonce belongs to the latter, under
 * another claim.
 *
 * @throws LedgerItemError
 */
async function assertOfOther(
  run: Run,
  row: NonceRecord,
  { id, claim }: Outline,
): Promise<void> {
  const { context, deadline, view } = run
  const { ledger } = context
  const [whole, owner] = await Promise.all(
    [id, row.owner ?? ''].map((one) =>
      ledger.getTransaction(one, { deadline }),
    ),
  )
  const isOf = (one: typeof whole) =>
    one !== undefined &&
    row.attempts.some((attempt) => Attempt.isOf(attempt, one.request))
  const isOthers =
    owner?.nonce === row.nonce && owner.claim === row.claim && isOf(owner)
  if (row.claim !== claim && (isOthers || !isOf(whole))) return
  // Once another transaction with the nonce is final, no signature for the
  // nonce can be mined.
  if (!isOf(whole) && row.nonce < (view.final ?? 0n))
    if ((await findMined(context, row, deadline)) !== undefined) return
  throw new LedgerItemError(
    `nonce ${row.nonce}`,
    `its signed bytes (raw) may be those of transaction ${id}, but its field "owner" names something else`,
  )
}
