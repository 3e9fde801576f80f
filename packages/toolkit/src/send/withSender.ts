import { AwsCallError } from '../aws/AwsCallError.js'
import type { Io } from '../Io.js'
import { openFunction } from './openFunction.js'
import { openLedger } from './openLedger.js'
import type { Sender } from './readSender.js'
import type { SenderAccess } from './SenderAccess.js'

/**
 * Works with a sender, the function of a stack or the library in this process,
 * and closes it whatever comes.
 *
 * @throws NetworkMismatchError, AwsCallError
 */
export async function withSender<result>(
  io: Io,
  sender: Sender,
  work: (access: SenderAccess) => Promise<result>,
): Promise<result> {
  let access: SenderAccess | undefined
  try {
    access =
      sender.ledger === undefined
        ? await openFunction(io, sender)
        : await openLedger(io, sender)
    return await work(access)
  } catch (error) {
    throw AwsCallError.from(error)
  } finally {
    access?.close()
  }
}
