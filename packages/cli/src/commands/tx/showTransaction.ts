import { maskHex } from '@keyward/core/errors'
import { formatEther, toColumns } from '@keyward/toolkit'
import type { SenderOptions } from '@keyward/toolkit/send'
import { referenceOf } from '../../input/fieldsOf.js'
import { readOperation } from '../../input/readOperation.js'
import type { Result } from '../../output/Result.js'
import type { Terminal } from '../../terminal/Terminal.js'
import { withSender } from './withSender.js'

/** All that the ledger knows of a transaction. */
export async function showTransaction(
  terminal: Terminal,
  options: SenderOptions & { transaction: string },
): Promise<Result> {
  const fields = referenceOf(options.transaction)
  const read = () => readOperation('get', fields)
  return withSender(terminal, options, read, async (access) => {
    const answer = await access.get(fields)
    return {
      data: answer,
      text: toColumns([
        ['transaction', answer.transaction_id],
        ['key', maskHex(answer.idempotency_key)],
        ['status', `${answer.status}${answer.final ? ', final' : ''}`],
        ['nonce', answer.nonce === null ? undefined : String(answer.nonce)],
        ['to', answer.dst_address ?? 'a new contract'],
        ['value', formatEther(BigInt(answer.value_wei))],
        [
          'block',
          answer.block_number === null
            ? undefined
            : `${answer.block_number}, ${answer.receipt_status ?? 'outcome unknown'}`,
        ],
        ['cancel', answer.cancel_requested ? 'asked for' : undefined],
        ['reason', answer.reason?.text],
        ['problem', answer.problem],
        ['created', answer.created_at],
        ['updated', answer.updated_at],
        ...answer.attempts.map(
          ({ hash, purpose, max_fee_per_gas: fee }, index) =>
            [`attempt ${index}`, `${hash}  ${purpose}, ${fee} wei`] as const,
        ),
      ]),
    }
  })
}
