import type { NonceRecord } from '../ledger/NonceRecord.js'
import { signFiller } from './fillGap.js'
import { ageMs, type Run } from './Run.js'

/**
 * Fills a nonce whose signed bytes are lost. Its row contains other bytes that
 * nobody can or should send, and everything behind the nonce would wait.
 */
export async function passBy(run: Run, row: NonceRecord): Promise<void> {
  const { settings, view } = run
  // The lost bytes may still be in the pool.
  if (row.nonce !== view.latest) return
  if (ageMs(run, row.createdAt) < settings.fillAfterMs) return
  await signFiller(run, row)
}
