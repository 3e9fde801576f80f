import type { Attempt } from '../ledger/Attempt.js'
import type { NonceRecord } from '../ledger/NonceRecord.js'
import type { Outline } from '../ledger/TransactionRecord.js'
import { findMined } from '../transaction/findMined.js'
import { toSigned } from '../transaction/toSigned.js'
import { isAgreedOver } from './isAgreed.js'
import { ageMs, isDeep, type Run } from './Run.js'

/** So long its nonce stays open for it; then it counts until its window is over. */
const patienceMs = 3_600_000

/** What a policy counted for a nonce is not spent: this is final in its place. */
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
 * The same for what has ended, where it failed then or its process died. Of what
 * this process has given back nothing is asked again.
 *
 * @returns whether its nonce may be forgotten
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
  // What another wallet mined may be what was counted.
  if (found === undefined) return true
  if (!(await isDeep(run, found))) return false
  if (!(await isAgreedOver(run, row.nonce, found))) return false
  await giveBackUnspent(run, found.attempt, caller)
  return true
}
