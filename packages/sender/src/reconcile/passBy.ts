import type { NonceRecord } from '../ledger/NonceRecord.js'
import { signFiller } from './fillGap.js'
import { ageMs, type Run } from './Run.js'

/**
 * What was signed for a nonce is lost, and other bytes stand in its place that
 * nobody can send, or should: all behind it would wait.
 */
export async function passBy(run: Run, row: NonceRecord): Promise<void> {
  const { settings, view } = run
  // What was signed may be in the pool.
  if (row.nonce !== view.latest) return
  if (ageMs(run, row.createdAt) < settings.fillAfterMs) return
  await signFiller(run, row)
}
