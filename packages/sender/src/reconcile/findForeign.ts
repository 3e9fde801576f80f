import type { Hex } from '@keyward/core'
import type { Chain } from '../chain/createChain.js'
import * as Attempt from '../ledger/Attempt.js'
import type { Account } from '../ledger/TransactionRecord.js'

/** The account's transaction on the chain, with its bytes. */
export type Foreign = Attempt.Signed & { raw: Hex }

/**
 * Finds the mined transaction that used a nonce, by binary search backwards
 * through the chain. A node's claim that it is the account's transaction
 * doesn't count; only the account's signature does.
 *
 * @param search.block - The newest block.
 * @returns undefined if the node lacks the old states for the search, or shows
 * no such bytes
 */
export async function findForeign(
  { chain, account }: { chain: Chain; account: Account },
  search: { nonce: bigint; block: bigint; deadline: number },
): Promise<Foreign | undefined> {
  const { nonce, block: newest, deadline } = search
  const used = async (block: bigint) =>
    (await chain.getCount(account.address, block, { deadline })) > nonce
  try {
    if (!(await used(newest))) return undefined
    let high = newest
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
    const found = await chain.findInBlock(high, nonce, { deadline })
    return await firstOf(found, account, nonce)
  } catch {
    return undefined
  }
}

/** The first of the given bytes that the account signed for a nonce. */
export async function firstOf(
  raws: readonly Hex[],
  account: Account,
  nonce: bigint,
): Promise<Foreign | undefined> {
  for (const raw of raws) {
    const signed = await Attempt.readSigned(raw, account)
    if (signed?.nonce === nonce) return { ...signed, raw }
  }
  return undefined
}
