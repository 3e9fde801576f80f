import { formatEther } from '@keyward/toolkit'
import type { SenderOptions } from '@keyward/toolkit/send'
import { fieldsOf, listFields } from '../../input/fieldsOf.js'
import { readOperation } from '../../input/readOperation.js'
import type { Result } from '../../output/Result.js'
import type { Terminal } from '../../terminal/Terminal.js'
import { withSender } from './withSender.js'

export type ListOptions = SenderOptions & {
  limit: number | undefined
  after: string | undefined
  status: string | undefined
}

/** The caller's transactions, newest first. */
export async function listTransactions(
  terminal: Terminal,
  options: ListOptions,
): Promise<Result> {
  const fields = fieldsOf(listFields, options)
  const read = () => readOperation('list', fields)
  return withSender(terminal, options, read, async (access) => {
    const answer = await access.list(fields)
    const lines = answer.transactions.map((each) =>
      [
        each.created_at.slice(0, 19).replace('T', ' '),
        each.status.padEnd(8),
        each.transaction_id,
        `${each.nonce ?? '-'}`.padStart(5),
        formatEther(BigInt(each.value_wei)),
        each.dst_address ?? '(new contract)',
      ].join('  '),
    )
    return {
      data: answer,
      text: [
        ...(lines.length === 0 ? ['There are none.'] : lines),
        ...(answer.next === null
          ? []
          : [`More: keyward tx list --after ${answer.next}`]),
      ].join('\n'),
    }
  })
}
