import { shellWord } from '../shellQuote.js'
import type { SenderOptions } from './openSenderAccess.js'

/**
 * The command that goes on watching, at the same sender. An endpoint is left
 * out: its URL may hold a key.
 */
export function watchCommand(options: SenderOptions, id: string): string {
  const named = ['stack', 'caller', 'ledger', 'key', 'network'] as const
  return [
    `keyward tx watch ${id}`,
    ...named.flatMap((name) => {
      const value = options[name]
      return value === undefined ? [] : [`--${name} ${shellWord(value)}`]
    }),
  ].join(' ')
}
