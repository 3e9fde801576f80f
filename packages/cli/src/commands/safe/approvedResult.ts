import { toColumns } from '@keyward/toolkit'
import type { Approved } from '@keyward/toolkit/safe'
import type { Result } from '../../output/Result.js'

export function approvedResult(approved: Approved): Result {
  const { data, owner, signed, threshold, isEnough, out } = approved
  return {
    data,
    text: toColumns([
      ['signed by', owner],
      [
        'signatures',
        `${signed.length} of ${threshold}${isEnough ? ': the proposal can be executed' : ''}`,
      ],
      ['proposal', out],
    ]),
  }
}
