import { AwsCallError } from '../aws/AwsCallError.js'
import type { Io } from '../Io.js'
import { reading } from '../reading.js'
import { openFunction } from './openFunction.js'
import { openLedger } from './openLedger.js'
import { readSender, type Sender, type SenderOptions } from './readSender.js'
import type { SenderAccess } from './SenderAccess.js'

/**
 * Parses all options, then works with the chosen sender: a stack's function or
 * the library in this process. The sender is always closed.
 *
 * @param read - Parses the remaining options.
 * @throws NetworkMismatchError, AwsCallError
 */
export async function withSender<read, result>(
  io: Io,
  options: SenderOptions,
  read: () => read,
  work: (access: SenderAccess, read: read) => Promise<result>,
): Promise<result> {
  const { rest, sender } = await reading(() => ({
    rest: read(),
    sender: readSender(io, options),
  }))
  let access: SenderAccess | undefined
  const named = await withToken(io, sender)
  try {
    access =
      named.ledger === undefined
        ? await openFunction(io, named)
        : await openLedger(io, named)
    return await work(access, rest)
  } catch (error) {
    throw AwsCallError.from(error)
  } finally {
    access?.close()
  }
}

/** A key with a PKCS#11 URI is on the token that the environment configures. */
async function withToken(io: Io, sender: Sender): Promise<Sender> {
  if (sender.ledger === undefined || !sender.keyId.startsWith('pkcs11:'))
    return sender
  const { readToken } = await import('../token/readToken.js')
  const { options } = await readToken(io, {})
  return { ...sender, token: options }
}
