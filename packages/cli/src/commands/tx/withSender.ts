import {
  withSender as open,
  readSender,
  type SenderAccess,
  type SenderOptions,
} from '@keyward/toolkit/send'
import { reading } from '../../program/reading.js'
import type { Terminal } from '../../terminal/Terminal.js'

/**
 * Reads all that was typed, and then works with the sender that it names.
 *
 * @param read - The rest of it.
 */
export async function withSender<read, result>(
  terminal: Terminal,
  options: SenderOptions,
  read: () => read,
  work: (access: SenderAccess, read: read) => Promise<result>,
): Promise<result> {
  const { rest, sender } = await reading(() => ({
    rest: read(),
    sender: readSender(terminal, options),
  }))
  return open(terminal, sender, (access) => work(access, rest))
}
