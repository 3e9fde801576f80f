import type { Run } from './Run.js'

/**
 * A ledger that was restored, lacks rows or is behind its account may itself be
 * the cause of an outside use of a nonce: as another ledger of the key, or from
 * before it lost data.
 */
export function hasLostRows({ head }: Pick<Run, 'head'>): boolean {
  return head?.hasAdopted === true || head?.halt !== undefined
}
