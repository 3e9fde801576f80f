import type { Run } from './Run.js'

/**
 * Whether the ledger was restored, lacks rows or is behind its account. An
 * outside transaction may then come from another ledger of the key, or from
 * this one before it lost data.
 */
export function hasLostRows({ head }: Pick<Run, 'head'>): boolean {
  return head?.hasAdopted === true || head?.halt !== undefined
}
