import type { SendWire } from '@keyward/sender'
import { shellWord } from '../shellQuote.js'
import type { ListOptions } from './listTransactions.js'
import type { SenderOptions } from './readSender.js'

/** The command that continues with an unfinished transaction. */
export function nextStep(
  options: SenderOptions,
  { transaction_id: id, status }: Pick<SendWire, 'transaction_id' | 'status'>,
): string {
  // A stack has a reconciler, which continues the transaction by itself.
  return options.ledger !== undefined &&
    ['accepted', 'reserved', 'signed'].includes(status)
    ? 'repeat the same keyward send command, with the request above as --idempotency-key'
    : txCommand('watch', options, id)
}

/**
 * A command for a transaction of the same sender. The endpoint is left out,
 * because its URL may contain a key.
 */
export function txCommand(
  verb: 'watch' | 'show' | 'cancel',
  options: SenderOptions,
  id: string,
): string {
  return [`keyward tx ${verb} ${id}`, ...senderFlags(options)].join(' ')
}

/** The command that lists the next page of the same list. */
export function moreCommand(options: ListOptions, next: string): string {
  const { limit, status, since } = options
  return [
    'keyward tx list',
    ...(limit === undefined ? [] : [`--limit ${limit}`]),
    ...(status === undefined ? [] : [`--status ${shellWord(status)}`]),
    ...(since === undefined
      ? []
      : [`--since ${new Date(since).toISOString()}`]),
    ...senderFlags(options),
    `--after ${next}`,
  ].join(' ')
}

function senderFlags(options: SenderOptions): string[] {
  const named = ['stack', 'caller', 'ledger', 'key', 'network'] as const
  return named.flatMap((name) => {
    const value = options[name]
    return value === undefined ? [] : [`--${name} ${shellWord(value)}`]
  })
}
