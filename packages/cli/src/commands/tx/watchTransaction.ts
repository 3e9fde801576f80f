import { follow, readPaid, type SenderOptions } from '@keyward/toolkit/send'
import { referenceOf } from '../../input/fieldsOf.js'
import { readOperation } from '../../input/readOperation.js'
import { followedResult } from '../../output/followedResult.js'
import type { Result } from '../../output/Result.js'
import { styleFor, type Terminal } from '../../terminal/Terminal.js'
import { withSender } from './withSender.js'

/** Waits for the end of a transaction. */
export function watchTransaction(
  terminal: Terminal,
  options: SenderOptions & { transaction: string; timeout: number },
): Promise<Result> {
  const fields = referenceOf(options.transaction)
  const read = () => readOperation('get', fields)
  return withSender(terminal, options, read, async (access) => {
    const { chainId, address } = await access.status()
    const { urls, timeout: timeoutS } = options
    const following = { chainId, urls, timeoutS }
    const followed = await follow(terminal, access, fields, following)
    const paid = await readPaid(followed, { urls, chainId, address })
    const style = styleFor(terminal.stdout, terminal.env)
    return followedResult(followed, chainId, options, { style, paid })
  })
}
