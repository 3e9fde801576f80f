import type { Outline } from '../ledger/TransactionRecord.js'
import type { Found } from '../transaction/findMined.js'
import type { Foreign } from './findForeign.js'
import { isVouched } from './isVouched.js'
import { ageMs, type Run } from './Run.js'

/** How long a second provider may lag or be down. */
const patienceMs = 15 * 60_000

/** Whether the providers agree that an attempt is in its block. */
export async function isAgreed(
  run: Run,
  transaction: Outline,
  { attempt, receipt }: Found,
): Promise<boolean> {
  const isLate =
    transaction.blockHash === receipt.blockHash && isOld(run, transaction)
  const { hash } = attempt
  const what = 'the transaction'
  return isVouched(run, transaction, { hash, receipt, what, isLate })
}

/**
 * Like {@link isAgreed}, for attempts without an owner, or whose owner has
 * ended. A release must not cover the amount that another transaction with the
 * nonce has spent.
 */
export async function isAgreedOver(
  run: Run,
  nonce: bigint,
  { attempt, receipt }: Found,
): Promise<boolean> {
  const { hash, purpose, signedAt } = attempt
  const isLate = ageMs(run, signedAt) >= patienceMs
  const what = `the ${purpose} with nonce ${nonce} (${hash})`
  return isVouched(run, { nonce }, { hash, receipt, what, isLate })
}

/**
 * Whether the providers agree that another transaction has used the nonce. The
 * other transaction's bytes are signed by the key, but a later replacement may
 * have been mined instead.
 */
export async function isAgreedForeign(
  run: Run,
  transaction: Outline,
  { hash }: Foreign,
): Promise<boolean> {
  const { context, deadline } = run
  const receipt = await context.chain.getReceipt(hash, { deadline })
  const what = `another transaction with the same nonce (${hash})`
  const isLate = isOld(run, transaction)
  return isVouched(run, transaction, { hash, receipt, what, isLate })
}

function isOld(run: Run, { updatedAt }: Outline): boolean {
  return ageMs(run, updatedAt) >= patienceMs
}
