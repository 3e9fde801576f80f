import type { Deliver } from '../events/createWebhook.js'
import type { Outline } from '../ledger/TransactionRecord.js'
import { findRow } from '../operations/find.js'
import { confirmEnd } from '../transaction/confirmEnd.js'
import { forEachAtOnce } from './forEachAtOnce.js'
import { attempt, hasTime, notice, type Run } from './Run.js'

const atOnce = 8
/** After this many failures without a success, the receiver counts as down. */
const maxFailures = 16

/**
 * Notifies the webhook of ended transactions. It runs last, because pending
 * transactions must not wait for a slow receiver.
 */
export async function tellEnds(
  run: Run,
  ended: readonly Outline[],
  deliver: Deliver | undefined,
): Promise<void> {
  let heard = false
  let failures = 0
  // Starts at a random transaction, so that deliveries that always fail don't
  // always come first.
  const start = Math.floor(run.context.runtime.random() * ended.length)
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
  transaction: Outline,
  deliver: Deliver | undefined,
): Promise<boolean> {
  const { ledger } = run.context
  const options = { deadline: run.deadline }
  const { id } = transaction
  let heard = transaction
  if (deliver !== undefined) {
    const whole = await ledger.getTransaction(id, options)
    if (whole === undefined) return false
    heard = whole
    const row = await findRow(run.context, whole, run.deadline)
    const end = await confirmEnd(run.context, whole, row, run.deadline)
    // Only facts that the chain shows are passed on.
    const problem = end.isShown
      ? await deliver(end.record, row?.attempts ?? [], run.deadline)
      : end.problem
    if (problem !== undefined) {
      const type = end.isShown ? 'webhook.failed' : 'ledger.damaged'
      notice(run, { type, text: problem, transactionId: id })
      return false
    }
    run.report.counts.delivered++
  }
  await ledger.markDelivered(heard, options)
  return true
}
