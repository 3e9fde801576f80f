import type { Io } from '../Io.js'
import { referenceOf } from './fieldsOf.js'
import { type Followed, follow } from './follow.js'
import { readOperation } from './readOperation.js'
import { lookUp, type Paid, readPaid } from './readPaid.js'
import type { SenderOptions } from './readSender.js'
import { type Summary, summarize } from './summarize.js'
import { withSender } from './withSender.js'

type OnOne = SenderOptions & { transaction: string }

/**
 * Shows everything that the ledger knows about a transaction, and its current
 * state on the chain.
 */
export function showTransaction(
  io: Io,
  options: OnOne,
): Promise<{
  data: Summary['data']
  fee: bigint | undefined
  chainId: number
}> {
  const fields = referenceOf(options.transaction)
  const read = () => readOperation('get', fields)
  return withSender(io, options, read, async (access) => {
    const [answer, { chainId, address }] = await Promise.all([
      access.get(fields),
      access.status(),
    ])
    const { urls } = options
    const followed = await lookUp(answer, { urls, chainId })
    const { fee } = await readPaid(followed, { urls, chainId, address })
    return { data: summarize(followed, chainId).data, fee, chainId }
  })
}

/** Waits until a transaction has ended. */
export function watchTransaction(
  io: Io,
  options: OnOne & { timeout: number },
): Promise<{ followed: Followed; paid: Paid; chainId: number }> {
  const fields = referenceOf(options.transaction)
  const read = () => readOperation('get', fields)
  return withSender(io, options, read, async (access) => {
    const { chainId, address } = await access.status()
    const { urls, timeout: timeoutS } = options
    const following = { chainId, urls, address, timeoutS }
    const followed = await follow(io, access, fields, following)
    const paid = await readPaid(followed, { urls, chainId, address })
    return { followed, paid, chainId }
  })
}
