import { rpcUrls } from '@keyward/toolkit/node'
import {
  follow,
  openSenderAccess,
  type SenderOptions,
  withAccess,
} from '@keyward/toolkit/send'
import { referenceOf } from '../../input/fieldsOf.js'
import { readOperation } from '../../input/readOperation.js'
import { followedResult } from '../../output/followedResult.js'
import type { Result } from '../../output/Result.js'
import type { Terminal } from '../../terminal/Terminal.js'

/** Waits for the end of a transaction. */
export async function watchTransaction(
  terminal: Terminal,
  options: SenderOptions & { reference: string; timeout: number },
): Promise<Result> {
  const fields = referenceOf(options.reference)
  readOperation('get', fields)
  const urls = rpcUrls(terminal, options.rpcUrl)
  return withAccess(openSenderAccess(terminal, options), async (access) => {
    const { chainId } = await access.status()
    const timeoutS = options.timeout
    const followed = await follow(terminal, access, fields, {
      chainId,
      urls,
      timeoutS,
    })
    return followedResult(followed, chainId, options)
  })
}
