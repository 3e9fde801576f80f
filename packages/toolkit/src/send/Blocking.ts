import type { BlockingWire } from '@keyward/sender'
import { age } from '../text/age.js'
import { txCommand } from './nextStep.js'

/**
 * Reads the blocking transaction from the sender's answer to `status`. Older
 * senders don't name it.
 */
export function from(answer: Readonly<Record<string, unknown>>) {
  return (answer.blocking ?? undefined) as BlockingWire | undefined
}

/** The problem, what to do, and the command for it. */
export function toLines(
  { nonce, transaction_id: id, signed_at, unpayable }: BlockingWire,
  options: { stack: string; caller?: string | undefined },
): [problem: string, ...remedy: string[]] {
  const problem = unpayable
    ? `nonce ${nonce}: the account can't pay for its signed transaction`
    : `nonce ${nonce}: signed ${age(signed_at)} ago, but not mined`
  const waits = 'All later transactions wait.'
  if (id === null)
    return unpayable
      ? [problem, `${waits} Fund the account.`]
      : [
          problem,
          `${waits} It only fills the nonce of a lost transaction. To send it again, with a higher fee if that is needed:`,
          `keyward tx reconcile --stack ${options.stack}`,
        ]
  return unpayable
    ? [
        problem,
        `${waits} Fund the account, or cancel this one:`,
        txCommand('cancel', options, id),
      ]
    : [problem, `${waits} To see why:`, txCommand('show', options, id)]
}
