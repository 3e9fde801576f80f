import type { Deliver } from '../events/createWebhook.js'
import type { TransactionRecord } from '../ledger/TransactionRecord.js'
import { completeUnsigned } from './completeUnsigned.js'
import { forEachAtOnce } from './forEachAtOnce.js'
import { attempt, hasTime, notice, type Run } from './Run.js'

const pageSize = 100
const atOnce = 8

/**
 * Goes through what is not over: gives nonces to those that wait for one, and
 * tells the webhook of those that ended.
 */
export async function inspectOpen(
  run: Run,
  deliver: Deliver | undefined,
): Promise<void> {
  const { ledger, account } = run.context
  let after: unknown
  do {
    const page = await ledger.listOpen(account, {
      limit: pageSize,
      after,
      deadline: run.deadline,
    })
    after = page.after
    await forEachAtOnce(page.transactions, atOnce, async (transaction) => {
      if (!hasTime(run)) return
      if (!transaction.final) run.report.counts.open++
      await attempt(run, { transaction, nonce: transaction.nonce }, () =>
        inspect(run, transaction, deliver),
      )
    })
  } while (after !== undefined && hasTime(run))
}

async function inspect(
  run: Run,
  transaction: TransactionRecord,
  deliver: Deliver | undefined,
): Promise<void> {
  if (transaction.final) {
    if (transaction.undelivered) await tell(run, transaction, deliver)
    return
  }
  const isUnsigned = ['accepted', 'reserved'].includes(transaction.status)
  const ageMs = Date.now() - transaction.updatedAt
  if (!isUnsigned || ageMs < run.settings.graceMs) return
  const { nonce } = transaction
  if (nonce === undefined) return completeUnsigned(run, transaction)
  const { ledger, account } = run.context
  const options = { deadline: run.deadline }
  const row = await ledger.getNonce(account, nonce, options)
  // Owned ones are looked after by their nonce.
  if (row?.owner === transaction.id) return
  const unbound = await ledger.unbind(transaction, options)
  if (unbound !== undefined) await completeUnsigned(run, unbound)
}

async function tell(
  run: Run,
  transaction: TransactionRecord,
  deliver: Deliver | undefined,
): Promise<void> {
  const { ledger, account } = run.context
  const options = { deadline: run.deadline }
  const { id, nonce } = transaction
  if (deliver !== undefined) {
    const row =
      nonce === undefined
        ? undefined
        : await ledger.getNonce(account, nonce, options)
    const attempts = row?.owner === id ? row.attempts : []
    const problem = await deliver(transaction, attempts, run.deadline)
    if (problem !== undefined) {
      notice(run, { type: 'webhook.failed', text: problem, transaction_id: id })
      return
    }
    run.report.counts.delivered++
  }
  await ledger.markDelivered(id, options)
}
