import type { NonceRecord } from '../ledger/NonceRecord.js'
import type { Outline } from '../ledger/TransactionRecord.js'
import { findMined } from '../transaction/findMined.js'
import { doubt } from './doubt.js'
import { drop } from './drop.js'
import { isExternal } from './isExternal.js'
import { pushPending } from './pushPending.js'
import { ageMs, type Run } from './Run.js'
import { settleMined, unsettle } from './settle.js'
import { longMs, tellStuck } from './tell.js'

/**
 * Processes a nonce with a signature.
 *
 * @returns whether it is permanently settled
 */
export async function inspectSigned(
  run: Run,
  row: NonceRecord,
  transaction: Outline | undefined,
): Promise<boolean> {
  const end = await findEnd(run, row, transaction)
  if (end === 'pending') await pushPending(run, row, transaction)
  return end === 'settled'
}

/**
 * Finds out what happened to the nonce on the chain, and records it.
 *
 * @returns `pending` if the chain has not reached the nonce
 */
export async function findEnd(
  run: Run,
  row: NonceRecord,
  transaction: Outline | undefined,
): Promise<'settled' | 'open' | 'pending'> {
  const { view } = run
  const { nonce } = row
  const wasMined = transaction?.blockHash !== undefined
  // Nonces that the chain has not reached have no receipt, unless the chain's
  // answer is outdated. Any action on them starts by asking for the receipt.
  const found =
    nonce < view.latest || wasMined || isOld(run, row)
      ? await findMined(run.context, row, run.deadline)
      : undefined
  if (found !== undefined) {
    if (row.suspectedAt !== undefined) await clear(run, nonce)
    const isSettled = await settleMined(run, row, transaction, found)
    return isSettled ? 'settled' : 'open'
  }
  const other = await isExternal(run, row)
  if (other === 'unknown') await doubt(run, row, transaction)
  else if (other !== undefined)
    return (await drop(run, row, transaction, other)) ? 'settled' : 'open'
  if (other === 'unknown') return 'open'
  if (nonce < view.latest) {
    tellUnshown(run, row, transaction)
    return 'open'
  }
  if (wasMined) await unsettle(run, row, transaction)
  return 'pending'
}

function isOld(run: Run, { attempts }: NonceRecord): boolean {
  const newest = attempts.at(-1)
  const { resendAfterMs, graceMs, stuckAfterMs } = run.settings
  const afterMs = Math.min(resendAfterMs, graceMs, stuckAfterMs)
  return newest !== undefined && ageMs(run, newest.signedAt) > afterMs
}

/**
 * Reports a count without a matching receipt, which would otherwise keep the
 * transaction open silently.
 */
function tellUnshown(
  run: Run,
  { nonce, attempts }: NonceRecord,
  transaction: Outline | undefined,
): void {
  const newest = attempts.at(-1)
  if (newest === undefined || ageMs(run, newest.signedAt) < longMs) return
  if (!run.context.told.isDue(`doubt ${nonce}`)) return
  tellStuck(
    run,
    { nonce },
    transaction,
    `The node counts nonce ${nonce} as used, but has no receipt for any transaction signed for it, and does not report the nonce as final. Check the endpoints in RPC_URL.`,
  )
}

function clear({ context, deadline }: Run, nonce: bigint): Promise<void> {
  const { ledger, account } = context
  return ledger.clearSuspicion(account, nonce, { deadline })
}
