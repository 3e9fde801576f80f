import type { Run } from './Run.js'

/**
 * A ledger that was restored, lacks rows, or has fallen behind its account, may
 * have to do with what used a nonce: as another ledger of the key, or as itself
 * before it forgot.
 */
export function hasLostRows({ head }: Pick<Run, 'head'>): boolean {
  return head?.hasAdopted === true || head?.halt !== undefined
}
