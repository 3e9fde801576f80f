import type { Deliver } from '../events/createWebhook.js'
import type { TransactionRecord } from '../ledger/TransactionRecord.js'
import { forEachAtOnce } from './forEachAtOnce.js'
import { attempt, hasTime, notice, type Run } from './Run.js'

const atOnce = 8
/** After so many failures and no success the other side is down. */
const maxFailures = 16

/**
 * Tells the webhook of those that ended. Last in a run, since what is still to
 * be mined must not wait for a receiver that is slow.
 */
export async function tellEnds(
  run: Run,
  ended: readonly TransactionRecord[],
  deliver: Deliver | undefined,
): Promise<void> {
  let heard = false
  let failures = 0
  // Anywhere, so that some it cannot take are not always before the others.
  const start = Math.floor(Math.random() * ended.length)
  const order = [...ended.slice(start), ...ended.slice(0, start)]
  await forEachAtOnce(order, atOnce, async (transaction) => {
    if (!hasTime(run) || (!heard && failures >= maxFailures)) return
    const { nonce } = transaction
    let told = false
    await attempt(run, { transaction, nonce }, async () => {
      told = await tell(run, transaction, deliver)
    })
    if (told) heard = true
    else failures++
  })
}

async function tell(
  run: Run,
  transaction: TransactionRecord,
  deliver: Deliver | undefined,
): Promise<boolean> {
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
      return false
    }
    run.report.counts.delivered++
  }
  await ledger.markDelivered(id, options)
  return true
}
