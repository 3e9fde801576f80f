import type { Outline } from '../ledger/TransactionRecord.js'
import { completeUnsigned } from './completeUnsigned.js'
import { forEachAtOnce } from './forEachAtOnce.js'
import { attempt, hasTime, type Run, tellDamage } from './Run.js'

const pageSize = 100
const atOnce = 8
/** More than one run can tell of. */
const maxEnded = 1000

/**
 * Goes through what is not over, and gives nonces to those that wait for one.
 *
 * @returns those that ended, and that the webhook has not heard of
 */
export async function inspectOpen(run: Run): Promise<Outline[]> {
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
      if (transaction.final) {
        if (transaction.undelivered && ended.length < maxEnded)
          ended.push(transaction)
        return
      }
      if (!hasTime(run)) return
      run.report.counts.open++
      await attempt(run, { transaction, nonce: transaction.nonce }, () =>
        inspect(run, transaction),
      )
    })
  } while (after !== undefined && hasTime(run))
  return ended
}

async function inspect(run: Run, transaction: Outline): Promise<void> {
  const isUnsigned = ['accepted', 'reserved'].includes(transaction.status)
  const ageMs = run.context.runtime.now() - transaction.updatedAt
  if (!isUnsigned || ageMs < run.settings.graceMs) return
  const { nonce } = transaction
  if (nonce === undefined) return completeUnsigned(run, transaction)
  const { ledger, account } = run.context
  const options = { deadline: run.deadline }
  const row = await ledger.getNonce(account, nonce, options)
  // Owned ones are looked after by their nonce.
  if (row?.owner === transaction.id && row.claim === transaction.claim) return
  const unbound = await ledger.unbind(transaction, options)
  if (unbound !== undefined) await completeUnsigned(run, unbound)
}
