import { max, min } from '../bigints.js'
import type { Chain } from '../chain/createChain.js'
import { LedgerIncompleteError } from '../ledger/errors.js'
import type { Account } from '../ledger/TransactionRecord.js'

/**
 * A nonce this far above the count can't be right. It may come from another
 * chain.
 */
export const farAbove = 10_000n

/**
 * The highest count among the nodes, because one may lag. Every node must
 * answer, because a single node may have a lost ledger's transactions and
 * spread them later.
 *
 * @throws LedgerIncompleteError if an endpoint doesn't answer
 */
export async function readHighest(
  chain: Chain,
  account: Account,
  block: 'latest' | 'pending',
  deadline: number,
): Promise<bigint> {
  const { address } = account
  const count = await readCount(chain, account, block, deadline)
  let all = await chain.getCounts(address, block, { deadline })
  // The only endpoint has just answered.
  if (all.length === 1) return count
  // A busy endpoint may answer the next time.
  for (let tries = 1; tries < 3 && all.includes(undefined); tries++) {
    const again = await chain.getCounts(address, block, { deadline })
    all = all.map((one, at) => one ?? again[at])
  }
  const heard = all.filter((one) => one !== undefined)
  if (heard.length < all.length)
    throw new LedgerIncompleteError(
      `${all.length - heard.length} of ${all.length} endpoints did not return the transaction count of ${address}`,
      'Earlier transactions may be in the pool of only one endpoint, so a ledger can be started or repaired only after every endpoint has answered. Try again. If an endpoint no longer exists, remove it from RPC_URL.',
      "can't be compared with",
    )
  return heard.filter((one) => one <= count + farAbove).reduce(max, count)
}

/**
 * The account's count if two answers agree; otherwise the lowest of several
 * answers.
 */
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
    lowest = min(lowest, count)
  }
  return lowest
}
