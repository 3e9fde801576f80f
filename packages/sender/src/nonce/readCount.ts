import type { Chain } from '../chain/createChain.js'
import type { Account } from '../ledger/TransactionRecord.js'

/** The account's count once two answers agree; the lowest of many else. */
export async function readCount(
  chain: Chain,
  { address }: Account,
  block: 'latest' | 'pending',
  deadline: number,
): Promise<bigint> {
  let last = await chain.getCount(address, block, { deadline })
  let lowest = last
  for (let tries = 0; tries < 6; tries++) {
    const count = await chain.getCount(address, block, { deadline })
    if (count === last) return count
    last = count
    if (count < lowest) lowest = count
  }
  return lowest
}
