import type { NonceRecord } from '../ledger/NonceRecord.js'
import { signFiller } from './fillGap.js'
import { ageMs, type Run } from './Run.js'

/**
 * A nonce's signed bytes are lost, and the row contains other bytes that nobody
 * can or should send. Everything behind it would wait.
 */
export async function passBy(run: Run, row: NonceRecord): Promise<void> {
  const { settings, view } = run
  // The lost bytes may be in the pool.
  if (row.nonce !== view.latest) return
  if (ageMs(run, row.createdAt) < settings.fillAfterMs) return
  await signFiller(run, row)
}
