import type { Hex } from '@keyward/core'
import type { Run } from './Run.js'

/**
 * The transaction in a block that has used a nonce: looked for by halving the
 * chain, from its end.
 *
 * @returns undefined when the node has not the old states for it
 */
export async function findConsumer(
  { context, view, deadline }: Run,
  nonce: bigint,
): Promise<Hex | undefined> {
  const { chain, account } = context
  const { address } = account
  const used = async (block: bigint) =>
    (await chain.getCount(address, block, { deadline })) > nonce
  try {
    if (!(await used(view.block))) return undefined
    let high = view.block
    let low = high
    for (let step = 1n; ; step *= 2n) {
      low = high > step ? high - step : -1n
      if (low < 0n || !(await used(low))) break
      high = low
    }
    while (high - low > 1n) {
      const middle = (high + low) / 2n
      if (await used(middle)) high = middle
      else low = middle
    }
    return await chain.findInBlock(high, address, nonce, { deadline })
  } catch {
    return undefined
  }
}
