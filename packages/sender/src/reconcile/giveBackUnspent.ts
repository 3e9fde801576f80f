import type { Attempt } from '../ledger/Attempt.js'
import type { NonceRecord } from '../ledger/NonceRecord.js'
import type { Outline } from '../ledger/TransactionRecord.js'
import { findMined } from '../transaction/findMined.js'
import { toSigned } from '../transaction/toSigned.js'
import { isAgreedOver } from './isAgreed.js'
import { ageMs, isDeep, type Run } from './Run.js'

/**
 * How long a nonce's row is kept in order to return the amount that the policy
 * counted. After that, the amount stays counted until it leaves its window.
 */
const patienceMs = 3_600_000

/**
 * Releases the amount that a policy counted for a nonce. It can no longer be
 * spent, because another transaction with this nonce is final.
 */
export async function giveBackUnspent(
  { context, deadline }: Run,
  attempt: Attempt,
  caller: string | undefined,
): Promise<void> {
  const { guard, account, givenBack } = context
  if (attempt.purpose === 'request') return
  const mined = { request: toSigned(attempt, account), caller }
  await guard?.release?.(account.address, mined, { deadline })
  givenBack.set(attempt.hash, true)
}

/**
 * Repeats {@link giveBackUnspent} for ended transactions, in case it failed or
 * the process died. Amounts that this process has already released are skipped.
 *
 * @returns whether the nonce may be forgotten
 */
export async function repeatGiveBack(
  run: Run,
  row: NonceRecord,
  { status, caller, updatedAt }: Outline,
): Promise<boolean> {
  const { context, deadline } = run
  const { guard, givenBack } = context
  if (guard?.release === undefined || status === 'mined') return true
  if (row.attempts.some(({ hash }) => givenBack.get(hash))) return true
  if (ageMs(run, updatedAt) > patienceMs) return true
  const found = await findMined(context, row, deadline)
  // A transaction that another wallet mined may be the one that was counted.
  if (found === undefined) return true
  if (!(await isDeep(run, found))) return false
  if (!(await isAgreedOver(run, row.nonce, found))) return false
  await giveBackUnspent(run, found.attempt, caller)
  return true
}
