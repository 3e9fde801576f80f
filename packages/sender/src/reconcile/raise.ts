import { NotAuthorizedError } from '@keyward/core'
import { FeeCapError, type Pricing } from '../fees/Fees.js'
import * as Attempt from '../ledger/Attempt.js'
import { LedgerItemError } from '../ledger/errors.js'
import { filler, type NonceRecord } from '../ledger/NonceRecord.js'
import type { Outline } from '../ledger/TransactionRecord.js'
import type { SendRequest } from '../request/SendRequest.js'
import { InsufficientFundsError } from '../transaction/prepare.js'
import { replace } from '../transaction/replace.js'
import type { Run } from './Run.js'
import { tellOutcome, tellStuck } from './tell.js'

/** Once a request has been signed this many times, a notice explains why. */
const manySignatures = 3

/**
 * Replaces what is signed for a nonce, and sends the replacement.
 *
 * @param refused - Attempts that a pool has just refused for the fee.
 * @returns whether a node accepted it; why nothing was signed, if a cap, the
 * balance or the number of signatures prevents it
 */
export async function raise(
  run: Run,
  row: NonceRecord,
  transaction: Outline | undefined,
  purpose: Attempt.Purpose,
  refused: readonly Attempt.Attempt[] = [],
  /**
   * Whether no node has anything that the new attempt would have to replace.
   */
  alone = false,
): Promise<'sent' | 'refused' | { tooDear: string }> {
  const { context, deadline } = run
  const { maxSignatures } = context
  if (countSignatures(row, purpose) >= maxSignatures) {
    const then = purpose === 'request' ? ', then cancel it' : ''
    const text = `${nameOf(purpose)} was signed ${maxSignatures} times, and won't be signed again automatically. Find out why it was not mined${then}.`
    tellStuck(run, row, transaction, text)
    return { tooDear: text }
  }
  try {
    const request =
      purpose === 'request' && transaction !== undefined
        ? await readRequest(run, row, transaction)
        : undefined
    const replacement = await replace(context, row, {
      owner: row.owner ?? filler,
      transaction,
      purpose,
      pricing: pricingOf(purpose, transaction),
      refused,
      deadline,
      alone,
      ...(request === undefined ? {} : { request }),
    })
    if (replacement === undefined) return 'refused'
    const { attempt, outcome } = replacement
    tellMany(run, row, transaction, replacement)
    await tellOutcome(run, attempt, transaction, outcome)
    return outcome.sent ? 'sent' : 'refused'
  } catch (error) {
    // The policy may no longer allow a request that it allowed at the first
    // signature.
    if (error instanceof NotAuthorizedError && purpose === 'request') {
      const text = `The policy no longer allows the transaction, so it is canceled: ${error.shortMessage}`
      tellStuck(run, row, transaction, text)
      return raise(run, row, transaction, 'cancel', refused, alone)
    }
    const isDear =
      error instanceof FeeCapError || error instanceof InsufficientFundsError
    if (!isDear) throw error
    const isCapped = error instanceof FeeCapError && purpose === 'cancel'
    if (isCapped && !alone && (await isGone(run, row, refused)))
      return raise(run, row, transaction, purpose, refused, true)
    tellStuck(run, row, transaction, error.shortMessage)
    return { tooDear: error.shortMessage }
  }
}

/**
 * If the node has lost a transaction, its replacement needs no higher fee. A
 * node that still has it refuses the replacement and mines the original.
 */
async function isGone(
  { context, deadline }: Run,
  { attempts }: NonceRecord,
  refused: readonly Attempt.Attempt[],
): Promise<boolean> {
  // Cancel only once: a second cancel at the same cap is no better, unless the
  // first was refused for its fee.
  const last = attempts.at(-1)
  if (last === undefined) return false
  if (last.purpose !== 'request' && !refused.includes(last)) return false
  for (const { hash } of attempts)
    if (await context.chain.hasTransaction(hash, { deadline })) return false
  return true
}

/**
 * The caller's caps must not prevent a cancel; otherwise, the payment would
 * stay open.
 */
function pricingOf(
  purpose: Attempt.Purpose,
  transaction: Outline | undefined,
): Pricing {
  if (purpose !== 'request') return { speed: 'fast' }
  return transaction?.request ?? { speed: 'normal' }
}

/**
 * The new signature must match both the earlier signature and the request.
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
      `its signed bytes don't do what transaction ${id} asks for`,
    )
  return whole.request
}

/**
 * Reports many signatures. Each costs money, and each is another that may be
 * mined.
 */
function tellMany(
  run: Run,
  row: NonceRecord,
  transaction: Outline | undefined,
  { attempt, outcome }: NonNullable<Awaited<ReturnType<typeof replace>>>,
): void {
  const count = countSignatures(row, attempt.purpose) + 1
  if (count < manySignatures) return
  const why = outcome.sent
    ? (transaction?.problem ??
      'New blocks did not include it at its current fees.')
    : outcome.problem
  const text = `${nameOf(attempt.purpose)} was signed ${count} times. ${why}`
  tellStuck(run, row, transaction, text)
}

function nameOf(purpose: Attempt.Purpose): string {
  return purpose === 'request' ? 'The transaction' : `The ${purpose}`
}

function countSignatures(
  { attempts }: NonceRecord,
  purpose: Attempt.Purpose,
): number {
  return attempts.filter((one) => one.purpose === purpose).length
}
