import type { SendFailure } from '../chain/SendFailure.js'
import * as Attempt from '../ledger/Attempt.js'
import { LedgerItemError } from '../ledger/errors.js'
import { isDamage, type NonceRecord } from '../ledger/NonceRecord.js'
import type { Outline } from '../ledger/TransactionRecord.js'
import { broadcast } from '../transaction/broadcast.js'
import { isLost } from './isLost.js'
import { isStuck } from './isStuck.js'
import { passBy } from './passBy.js'
import { ageMs, type Run, tellDamage } from './Run.js'
import { raise } from './raise.js'
import { answerRefusal, resend } from './resend.js'
import { noteProblem } from './tell.js'

/**
 * Gets signed transactions closer to being mined: a cancel if requested, higher
 * fees if they are too low, or the same bytes again if the node lost them.
 */
export async function pushPending(
  run: Run,
  given: NonceRecord,
  transaction: Outline | undefined,
): Promise<void> {
  const row = withoutOthers(run, given, transaction)
  const newest = row.attempts.at(-1)
  if (newest === undefined) return passBy(run, given)
  // Nobody knows what the transaction was for, so send its bytes again, but
  // sign nothing more.
  if (transaction === undefined && newest.purpose === 'request')
    return keepAlive(run, row)
  try {
    await push(run, row, transaction, newest)
  } catch (error) {
    // If nothing new can be signed, the signed bytes are sent again, unless
    // they should be cancelled.
    const isToStop =
      transaction !== undefined && wantsCancel(run, transaction, newest)
    // A failure here would hide the original one.
    if (!isToStop || isDamage(error)) await keepAlive(run, row).catch(() => {})
    throw error
  }
}

/**
 * The key may have signed other bytes for the nonce, which must not be sent.
 */
function withoutOthers(
  run: Run,
  row: NonceRecord,
  transaction: Outline | undefined,
): NonceRecord {
  if (transaction === undefined) return row
  const { account } = run.context
  const attempts = row.attempts.filter((one) =>
    Attempt.mayBeOf(one, transaction.request, account),
  )
  const { nonce } = row
  if (attempts.length < row.attempts.length) {
    const place = `nonce ${nonce}`
    const reason = `some of its signed bytes don't do what transaction ${transaction.id} asks for`
    const error = new LedgerItemError(place, reason)
    tellDamage(run, { error, nonce, id: transaction.id })
  }
  return { ...row, attempts }
}

async function push(
  run: Run,
  row: NonceRecord,
  transaction: Outline | undefined,
  newest: Attempt.Attempt,
): Promise<void> {
  const { counts } = run.report
  if (transaction !== undefined && wantsCancel(run, transaction, newest)) {
    // A payment that is to be cancelled is not sent again. It waits until the
    // account can pay for the cancel.
    const raised = await raise(run, row, transaction, 'cancel')
    if (raised === 'sent') counts.cancelled++
    if (typeof raised === 'object')
      await noteProblem(run, transaction, raised.tooDear)
    return
  }
  if (await isStuck(run, row, newest, transaction)) {
    const raised = await raise(run, row, transaction, newest.purpose)
    if (raised === 'sent') counts.bumped++
    if (typeof raised === 'string') return
    // The node may have lost the attempt that the caps allow.
    const refusal = await resend(run, row, newest, transaction)
    if (refusal !== undefined && isAnswered(refusal.failure, newest.purpose))
      return answerRefusal(run, row, newest, transaction, refusal)
    return noteProblem(run, transaction, raised.tooDear)
  }
  const refusal = await resend(run, row, newest, transaction)
  if (refusal !== undefined)
    await answerRefusal(run, row, newest, transaction, refusal)
}

/**
 * Whether a refusal leaves an option even though the caps allow no higher fees:
 * an unaffordable transaction is replaced, and a cancel that no node has gets a
 * new price.
 */
function isAnswered(
  failure: SendFailure | undefined,
  purpose: Attempt.Purpose,
): boolean {
  if (failure === 'fee-too-low') return purpose === 'cancel'
  return failure === 'insufficient-funds'
}

function wantsCancel(
  { context }: Run,
  { cancelRequested, request }: Outline,
  newest: Attempt.Attempt,
): boolean {
  const { validUntil = Infinity } = request
  const isExpired = validUntil <= context.runtime.now()
  return newest.purpose === 'request' && (cancelRequested || isExpired)
}

/**
 * Only sends the same bytes again. Used for a transaction that counts as ended
 * or is faulty, if the chain has not reached its nonce.
 */
export async function keepAlive(run: Run, row: NonceRecord): Promise<void> {
  const { context, settings, deadline, report } = run
  const newest = row.attempts.at(-1)
  if (newest === undefined) return
  if (ageMs(run, newest.signedAt) < settings.resendAfterMs) return
  const known = await context.chain
    .hasTransaction(newest.hash, { deadline })
    .catch(() => false)
  if (known || !(await isLost(run, newest))) return
  const outcome = await broadcast(context, newest, deadline)
  if (outcome.sent) report.counts.resent++
}
