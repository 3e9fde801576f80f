import { reading } from '@keyward/toolkit'
import {
  withSender as open,
  readSender,
  type Sender,
  type SenderAccess,
  type SenderOptions,
} from '@keyward/toolkit/send'
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
  const named = await withToken(terminal, sender)
  return open(terminal, named, (access) => work(access, rest))
}

/** A key that is named by a PKCS#11 URI is on the token of the environment. */
async function withToken(terminal: Terminal, sender: Sender): Promise<Sender> {
  if (sender.ledger === undefined || !sender.keyId.startsWith('pkcs11:'))
    return sender
  const { readToken } = await import('../../input/openToken.js')
  const { options } = await readToken(terminal, {})
  return { ...sender, token: options }
}
