import type { GetWire, SendWire } from '@keyward/sender'
import { formatUnits, toColumns } from '@keyward/toolkit'
import type { Result } from '../../output/Result.js'

/**
 * @param then - The command to run next.
 * @param newest - The attempt with the new fee.
 */
export function replacedResult(
  data: SendWire,
  then: string,
  newest?: GetWire['attempts'][number] | undefined,
): Result {
  const { cancel_tx_hash: cancel } = data
  return {
    data,
    text: toColumns([
      ['transaction', data.transaction_id],
      ['hash', data.signed_tx_hash ?? undefined],
      [
        'fee',
        newest &&
          `at most ${formatUnits(BigInt(newest.max_fee_per_gas), 9)} gwei per gas`,
      ],
      ['cancel', cancel],
      // The hash needs its own line to fit in 80 columns.
      ['', cancel && 'replaces the transaction if it is mined first'],
      ['status', data.status],
      ['problem', data.problem],
      ['next', then],
    ]),
  }
}
