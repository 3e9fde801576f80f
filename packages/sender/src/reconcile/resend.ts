import type * as Attempt from '../ledger/Attempt.js'
import type { NonceRecord } from '../ledger/NonceRecord.js'
import type { Outline } from '../ledger/TransactionRecord.js'
import { broadcast, type Outcome } from '../transaction/broadcast.js'
import { isLost } from './isLost.js'
import { ageMs, type Run } from './Run.js'
import { raise } from './raise.js'
import { countRefusals, manyRefusals, tellOutcome, tellStuck } from './tell.js'

/** Sends the same bytes again if no node has them, and handles the answer. */
export async function resend(
  run: Run,
  _row: NonceRecord,
  newest: Attempt.Attempt,
  transaction: Outline | undefined,
): Promise<(Outcome & { sent: false }) | undefined> {
  const { context, settings, deadline, report } = run
  const isSent = transaction === undefined || transaction.status === 'sent'
  const age = Math.min(
    ageMs(run, newest.signedAt),
    ageMs(run, transaction?.updatedAt ?? newest.signedAt),
  )
  // The process that has just stored the attempt is about to send it.
  if (age < (isSent ? settings.resendAfterMs : settings.graceMs))
    return undefined
  const known = await context.chain
    .hasTransaction(newest.hash, { deadline })
    .catch(() => false)
  if (known) {
    context.pools.note(newest.hash, true)
    if (!isSent) await tellOutcome(run, newest, transaction, { sent: true })
    return undefined
  }
  if (isSent && !(await isLost(run, newest))) return undefined
  const outcome = await broadcast(context, newest, deadline)
  await tellOutcome(run, newest, transaction, outcome)
  if (!outcome.sent) return outcome
  report.counts.resent++
  return undefined
}

/**
 * Acts on a refusal. For classes that are not listed here, the same bytes are
 * sent again later.
 */
export async function answerRefusal(
  run: Run,
  row: NonceRecord,
  newest: Attempt.Attempt,
  transaction: Outline | undefined,
  { failure, problem }: Outcome & { sent: false },
): Promise<void> {
  const again = (refused: readonly Attempt.Attempt[]) =>
    raiseAgain(run, row, transaction, newest.purpose, refused)
  switch (failure) {
    case 'fee-too-low':
      return again(row.attempts)
    case 'banned':
      return again([])
    case 'replacement-underpriced': {
      const told = transaction && { ...transaction, problem }
      return raiseAgain(run, row, told, newest.purpose, [])
    }
    case 'already-known':
      // No node shows the transaction, but a replica may lag.
      return isOld(run, newest) ? again([]) : undefined
    case 'insufficient-funds':
      tellStuck(run, row, transaction, problem)
      await resendCheaper(run, row, newest)
      return passUnpayable(run, row, newest, transaction)
    case 'never':
    case 'exceeds-node-cap':
      return newest.purpose === 'request'
        ? giveUp(run, row, transaction)
        : tellLasting(run, row, newest, transaction, { failure, problem })
    default:
      return tellLasting(run, row, newest, transaction, { failure, problem })
  }
}

/** How long a problem that needs no action may last before it is reported. */
const quietMs = 5 * 60_000

/** Waits for temporary problems, but not silently. */
function tellLasting(
  run: Run,
  row: NonceRecord,
  { signedAt }: Attempt.Attempt,
  transaction: Outline | undefined,
  { failure, problem }: Pick<Outcome & { sent: false }, 'failure' | 'problem'>,
): void {
  const isOverdue = ageMs(run, signedAt) >= quietMs
  const isMany = countRefusals(transaction, problem) >= manyRefusals
  const isDue =
    failure === 'other' || failure === undefined
      ? isMany || isOverdue
      : // A transaction that waits behind another one is handled later.
        isOverdue && row.nonce === run.view.latest
  if (isDue) tellStuck(run, row, transaction, problem)
}

async function raiseAgain(
  run: Run,
  row: NonceRecord,
  transaction: Outline | undefined,
  purpose: Attempt.Purpose,
  refused: readonly Attempt.Attempt[],
): Promise<void> {
  const raised = await raise(run, row, transaction, purpose, refused)
  if (raised === 'sent') run.report.counts.bumped++
}

function isOld(run: Run, { signedAt }: Attempt.Attempt): boolean {
  return ageMs(run, signedAt) >= run.settings.stuckAfterMs
}

/** The account may still be able to pay for an earlier, cheaper attempt. */
async function resendCheaper(
  { context, deadline, report }: Run,
  { attempts }: NonceRecord,
  newest: Attempt.Attempt,
): Promise<void> {
  const cheaper = attempts.filter(
    ({ index, purpose }) => index < newest.index && purpose === newest.purpose,
  )
  for (const attempt of cheaper.reverse()) {
    const { sent } = await broadcast(context, attempt, deadline)
    if (!sent) continue
    report.counts.resent++
    return
  }
}

/** How long to wait for the account to be funded. */
const unpayableMs = 30 * 60_000

/**
 * Replaces a transaction that the account can't pay for, because others wait
 * behind it. A zero-value transfer needs less.
 */
async function passUnpayable(
  run: Run,
  row: NonceRecord,
  newest: Attempt.Attempt,
  transaction: Outline | undefined,
): Promise<void> {
  const signedAt = row.attempts[0]?.signedAt ?? newest.signedAt
  const isOver = ageMs(run, signedAt) >= unpayableMs
  if (!isOver || newest.purpose !== 'request') return
  if ((await raise(run, row, transaction, 'cancel')) === 'sent')
    run.report.counts.cancelled++
}

/**
 * A transaction that no node will ever accept would block its nonce and
 * everything behind it, so a zero-value transfer replaces it.
 */
async function giveUp(
  run: Run,
  row: NonceRecord,
  transaction: Outline | undefined,
): Promise<void> {
  const [first] = row.attempts
  if (first !== undefined && !isOld(run, first)) return
  if ((await raise(run, row, transaction, 'cancel')) === 'sent')
    run.report.counts.cancelled++
}
