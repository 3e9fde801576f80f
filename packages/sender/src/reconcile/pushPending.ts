import { bump as bumpFees, FeeCapError, type Pricing } from '../fees/Fees.js'
import * as Attempt from '../ledger/Attempt.js'
import { LedgerItemError } from '../ledger/errors.js'
import { filler, isDamage, type NonceRecord } from '../ledger/NonceRecord.js'
import type { Outline } from '../ledger/TransactionRecord.js'
import type { SendRequest } from '../request/SendRequest.js'
import { broadcast, type Outcome } from '../transaction/broadcast.js'
import { InsufficientFundsError } from '../transaction/prepare.js'
import { replace } from '../transaction/replace.js'
import { isStuck } from './isStuck.js'
import { passBy } from './passBy.js'
import { ageMs as ageOf, notice, type Run, tellDamage } from './Run.js'

/**
 * Brings what is signed and not mined nearer to a block: a cancel where it is
 * wanted, higher fees where these are too low, the same bytes again where the
 * node has lost them.
 */
export async function pushPending(
  run: Run,
  given: NonceRecord,
  transaction: Outline | undefined,
): Promise<void> {
  const row = withoutOthers(run, given, transaction)
  const newest = row.attempts.at(-1)
  if (newest === undefined) return passBy(run, given)
  // Nobody knows what it was for: the bytes go on, nothing is signed in addition.
  if (transaction === undefined && newest.purpose === 'request')
    return keepAlive(run, row)
  try {
    await push(run, row, transaction, newest)
  } catch (error) {
    // Nothing is signed for what can't be believed; what is signed goes on.
    if (isDamage(error)) await keepAlive(run, row)
    throw error
  }
}

/** The key may have signed other things for it, which are not to be sent. */
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
    const reason = `some of its bytes do not do what transaction ${transaction.id} asks for`
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
  const now = run.context.runtime.now()
  if (transaction !== undefined && wantsCancel(transaction, newest, now)) {
    if (await raise(run, row, transaction, 'cancel'))
      run.report.counts.cancelled++
    return
  }
  if (await isStuck(run, row, newest, transaction)) {
    if (await raise(run, row, transaction, newest.purpose))
      run.report.counts.bumped++
    return
  }
  await resend(run, row, newest, transaction)
}

function wantsCancel(
  { cancelRequested, request }: Outline,
  newest: Attempt.Attempt,
  now: number,
): boolean {
  const expired = request.validUntil !== undefined && request.validUntil <= now
  return newest.purpose === 'request' && (cancelRequested || expired)
}

/** A cancel that the caller's own caps forbid would leave the payment out. */
function pricingOf(
  purpose: Attempt.Purpose,
  transaction: Outline | undefined,
): Pricing {
  if (purpose !== 'request') return { speed: 'fast' }
  return transaction?.request ?? { speed: 'normal' }
}

/** Whether something new was sent. */
async function raise(
  run: Run,
  row: NonceRecord,
  transaction: Outline | undefined,
  purpose: Attempt.Purpose,
  /** No node has anything that it would have to replace. */
  alone = false,
): Promise<boolean> {
  const { context, deadline } = run
  try {
    const request =
      purpose === 'request' && transaction !== undefined
        ? await readRequest(run, row, transaction)
        : undefined
    const replacement = await replace(context, row, {
      owner: row.owner ?? filler,
      purpose,
      pricing: pricingOf(purpose, transaction),
      deadline,
      alone,
      ...(request === undefined ? {} : { request }),
    })
    if (replacement === undefined) return false
    const { attempt, outcome } = replacement
    await tell(run, attempt, transaction, outcome)
    return outcome.sent
  } catch (error) {
    const isDear =
      error instanceof FeeCapError || error instanceof InsufficientFundsError
    if (!isDear) throw error
    const isCapped = error instanceof FeeCapError && purpose === 'cancel'
    if (isCapped && !alone && (await isGone(run, row)))
      return raise(run, row, transaction, purpose, true)
    tellStuck(run, row, transaction, error.shortMessage)
    // The node may have lost what is allowed. A payment that is to be cancelled
    // is not: it waits until the cancel may be paid for.
    const newest = row.attempts.at(-1)
    if (newest?.purpose === purpose) await resend(run, row, newest, transaction)
    if (transaction !== undefined)
      await context.ledger.noteProblem(transaction.id, error.shortMessage, {
        deadline,
      })
    return false
  }
}

/**
 * What the node has lost asks for no higher fees of what takes its place; a node
 * that still has it refuses that, and mines what it has.
 */
async function isGone(
  { context, deadline }: Run,
  { attempts }: NonceRecord,
): Promise<boolean> {
  // Once: a second cancel at the same cap is no better.
  if (attempts.at(-1)?.purpose !== 'request') return false
  for (const { hash } of attempts)
    if (await context.chain.hasTransaction(hash, { deadline })) return false
  return true
}

/**
 * What is signed anew is what was signed before, and what was asked for.
 *
 * @throws LedgerItemError
 */
async function readRequest(
  { context, deadline }: Run,
  { attempts, nonce }: NonceRecord,
  { id }: Outline,
): Promise<SendRequest> {
  const whole = await context.ledger.getTransaction(id, { deadline })
  const first = attempts.find(({ purpose }) => purpose === 'request')
  if (
    whole === undefined ||
    (first !== undefined && !Attempt.isOf(first, whole.request))
  )
    throw new LedgerItemError(
      `nonce ${nonce}`,
      `what is signed for it is not what transaction ${id} asks for`,
    )
  return whole.request
}

function tellStuck(
  run: Run,
  { nonce }: NonceRecord,
  transaction: Outline | undefined,
  text: string,
): void {
  notice(run, {
    type: 'transaction.stuck',
    text,
    nonce: Number(nonce),
    ...(transaction === undefined ? {} : { transactionId: transaction.id }),
  })
}

async function resend(
  run: Run,
  row: NonceRecord,
  newest: Attempt.Attempt,
  transaction: Outline | undefined,
): Promise<void> {
  const { context, settings, deadline, report } = run
  const isSent = transaction === undefined || transaction.status === 'sent'
  const ageMs = Math.min(
    ageOf(run, newest.signedAt),
    ageOf(run, transaction?.updatedAt ?? newest.signedAt),
  )
  // A process that has just stored it is about to send it.
  if (ageMs < (isSent ? settings.resendAfterMs : settings.graceMs)) return
  const known = await context.chain
    .hasTransaction(newest.hash, { deadline })
    .catch(() => false)
  if (known) {
    if (!isSent) await tell(run, newest, transaction, { sent: true })
    return
  }
  const outcome = await broadcast(context, newest, deadline)
  if (outcome.sent) report.counts.resent++
  await tell(run, newest, transaction, outcome)
  if (outcome.sent) return
  if (outcome.failure === 'fee-too-low')
    await raiseIfAllowed(run, row, transaction, newest)
  if (outcome.failure === 'insufficient-funds') {
    tellStuck(run, row, transaction, outcome.problem)
    await resendCheaper(run, row, newest)
  }
  if (outcome.failure === 'never' && newest.purpose === 'request')
    await giveUp(run, row, transaction, newest)
}

/** What the account cannot pay any more may have stood for what it can. */
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

/**
 * What no node will ever take would keep its nonce, and all behind it would
 * wait: a transfer of nothing is mined in its place.
 */
async function giveUp(
  run: Run,
  row: NonceRecord,
  transaction: Outline | undefined,
  newest: Attempt.Attempt,
): Promise<void> {
  const { signedAt } = row.attempts[0] ?? newest
  if (ageOf(run, signedAt) < run.settings.stuckAfterMs) return
  if (await raise(run, row, transaction, 'cancel'))
    run.report.counts.cancelled++
}

/** What a node doesn't take at these fees is not left to grow old. */
async function raiseIfAllowed(
  run: Run,
  row: NonceRecord,
  transaction: Outline | undefined,
  newest: Attempt.Attempt,
): Promise<void> {
  const { context, deadline } = run
  const market = await context.market({ deadline })
  try {
    const pricing = pricingOf(newest.purpose, transaction)
    bumpFees(market, pricing, newest.gas, context.caps, row.attempts)
  } catch {
    return
  }
  if (await raise(run, row, transaction, newest.purpose))
    run.report.counts.bumped++
}

async function tell(
  { context, deadline }: Run,
  { hash, purpose }: Attempt.Attempt,
  transaction: Outline | undefined,
  outcome: Outcome,
): Promise<void> {
  if (transaction === undefined) return
  const { ledger } = context
  if (outcome.sent && purpose === 'request')
    await ledger.advanceStatus(transaction.id, 'sent', hash, { deadline })
  else if (!outcome.sent)
    await ledger.noteProblem(transaction.id, outcome.problem, { deadline })
}

/**
 * The same bytes again, and no others: of a transaction that counts as ended,
 * or that can't be believed, and that the chain has not come to.
 */
export async function keepAlive(run: Run, row: NonceRecord): Promise<void> {
  const { context, settings, deadline, report } = run
  const newest = row.attempts.at(-1)
  if (newest === undefined) return
  if (ageOf(run, newest.signedAt) < settings.resendAfterMs) return
  const known = await context.chain
    .hasTransaction(newest.hash, { deadline })
    .catch(() => false)
  if (known) return
  const outcome = await broadcast(context, newest, deadline)
  if (outcome.sent) report.counts.resent++
}
