import type { SendWire } from '@keyward/sender'
import { toColumns } from '@keyward/toolkit'
import type { Result } from '../../output/Result.js'

/** @param then - The command to run next. */
export function replacedResult(data: SendWire, then: string): Result {
  return {
    data,
    text: toColumns([
      ['transaction', data.transaction_id],
      ['hash', data.signed_tx_hash ?? undefined],
      ['replaced by', data.cancel_tx_hash],
      ['status', data.status],
      ['problem', data.problem],
      ['next', then],
    ]),
  }
}
