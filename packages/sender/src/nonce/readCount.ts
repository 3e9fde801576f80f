import { max } from '../bigints.js'
import type { Chain } from '../chain/createChain.js'
import type { Account } from '../ledger/TransactionRecord.js'

/** What is so far above the count is false: a lie, or of another chain. */
export const farAbove = 10_000n

/** The highest of what the nodes say, of which one may be behind. */
export async function readHighest(
  chain: Chain,
  account: Account,
  block: 'latest' | 'pending',
  deadline: number,
): Promise<bigint> {
  const count = await readCount(chain, account, block, deadline)
  const all = await chain.getCounts(account.address, block, { deadline })
  return all.filter((one) => one <= count + farAbove).reduce(max, count)
}

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
