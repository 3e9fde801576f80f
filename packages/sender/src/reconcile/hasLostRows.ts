import type { Run } from './Run.js'

/**
 * A ledger that was restored, or whose rows are missing, may have known whose
 * request it was that used a nonce, and have signed for it.
 */
export function hasLostRows({ head }: Pick<Run, 'head'>): boolean {
  return head?.hasAdopted === true || head?.halt?.reason === 'missing'
}
