import type * as Attempt from '../ledger/Attempt.js'
import type { NonceRecord } from '../ledger/NonceRecord.js'
import type { Outline } from '../ledger/TransactionRecord.js'
import type { Outcome } from '../transaction/broadcast.js'
import { notice, type Run } from './Run.js'

/** Tells that a transaction needs somebody, or time. */
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

/** So long no honest node keeps from showing what it has said. */
export const longMs = 60 * 60_000

/** What is told of; a nonce that is nobody's has no id. */
export type Subject = {
  id?: string | undefined
  nonce?: bigint | undefined
}

/** An end that nobody, or one alone, vouches for: counted, and told once a while. */
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

/** Writes down what came of sending an attempt. */
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

/** From so many refusals in the same words on, somebody is told. */
export const manyRefusals = 3

/** What is said again and again need not be written down each time. */
function isNews(
  { problem, refusals }: Outline,
  outcome: Outcome & { sent: false },
): boolean {
  return kindOf(problem) !== kindOf(outcome.problem) || refusals < manyRefusals
}

/** Some nodes number their answers, and balances go up and down. */
function kindOf(problem: string | undefined): string | undefined {
  return problem?.replace(
    /\b(?:[0-9a-f]{8}-[0-9a-f-]{27}|0x[0-9a-f]+|\d+)\b/gi,
    '#',
  )
}

/** How often in a row it was refused in these words, with this time. */
export function countRefusals(
  transaction: Outline | undefined,
  problem: string,
): number {
  if (transaction === undefined) return 1
  if (kindOf(transaction.problem) !== kindOf(problem)) return 1
  // The sender's own note does not count.
  return Math.max(1, transaction.refusals) + 1
}

/**
 * Writes down what keeps it from going on, once: each write is news of the
 * transaction, and what is lost is sent again only after a time without any.
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
