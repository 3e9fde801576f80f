import type * as Attempt from '../ledger/Attempt.js'
import type { NonceRecord } from '../ledger/NonceRecord.js'
import type { Outline } from '../ledger/TransactionRecord.js'
import type { Outcome } from '../transaction/broadcast.js'
import { notice, type Run } from './Run.js'

/** Reports that a transaction needs attention or more time. */
export function tellStuck(
  run: Run,
  { nonce }: Pick<NonceRecord, 'nonce'>,
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

/** No honest node takes this long to prove what it has reported. */
export const longMs = 60 * 60_000

/** The subject of a report. A nonce without an owner has no id. */
export type Subject = {
  id?: string | undefined
  nonce?: bigint | undefined
}

/**
 * Counts an end that no provider, or only one, confirms, and reports it from
 * time to time.
 */
export function tellUnconfirmed(
  run: Run,
  { id, nonce }: Subject,
  text: string,
): void {
  run.report.counts.unconfirmed++
  if (!run.context.told.isDue(`unconfirmed ${id ?? nonce}`)) return
  notice(run, {
    type: 'transaction.unconfirmed',
    text,
    ...(id === undefined ? {} : { transactionId: id }),
    ...(nonce === undefined ? {} : { nonce: Number(nonce) }),
  })
}

/** Records the result of sending an attempt. */
export async function tellOutcome(
  { context, deadline }: Run,
  { hash, purpose }: Attempt.Attempt,
  transaction: Outline | undefined,
  outcome: Outcome,
): Promise<void> {
  if (transaction === undefined) return
  const { ledger } = context
  if (outcome.sent && purpose === 'request')
    await ledger.advanceStatus(transaction.id, 'sent', hash, { deadline })
  else if (!outcome.sent && isNews(transaction, outcome))
    await ledger.noteProblem(transaction.id, outcome.problem, {
      deadline,
      refusals: countRefusals(transaction, outcome.problem),
    })
}

/** After this many refusals with the same text, a notice is sent. */
export const manyRefusals = 3

/**
 * Whether the message is new: a repeated one need not be recorded each time.
 */
function isNews(
  { problem, refusals }: Outline,
  outcome: Outcome & { sent: false },
): boolean {
  return kindOf(problem) !== kindOf(outcome.problem) || refusals < manyRefusals
}

/**
 * A problem without its numbers: some nodes number their answers, and balances
 * change.
 */
function kindOf(problem: string | undefined): string | undefined {
  return problem?.replace(
    /\b(?:[0-9a-f]{8}-[0-9a-f-]{27}|0x[0-9a-f]+|\d+)\b/gi,
    '#',
  )
}

/**
 * How many times in a row the transaction was refused with this text, including
 * this time.
 */
export function countRefusals(
  transaction: Outline | undefined,
  problem: string,
): number {
  if (transaction === undefined) return 1
  if (kindOf(transaction.problem) !== kindOf(problem)) return 1
  // The sender's own note doesn't count.
  return Math.max(1, transaction.refusals) + 1
}

/**
 * Records the problem that stops a transaction, but only once: each write
 * counts as activity on the transaction, and lost bytes are sent again only
 * after a time without activity.
 */
export async function noteProblem(
  { context, deadline }: Run,
  transaction: Outline | undefined,
  problem: string,
): Promise<void> {
  if (transaction === undefined) return
  if (kindOf(transaction.problem) === kindOf(problem)) return
  await context.ledger.noteProblem(transaction.id, problem, { deadline })
}
