import type { Hex } from '@keyward/core'
import { max } from '../../bigints.js'
import { farAbove, readHighest } from '../../nonce/readCount.js'
import type { Run } from '../Run.js'

/** What the nodes show of the account at a moment. */
export type Seen = {
  /** The account's count. */
  latest: bigint
  /** The same with what waits for a block, without what waits for a gap. */
  used: bigint
  /** The newest block then. */
  block: bigint
  /** Bytes that wait, by nonce. */
  pool: ReadonlyMap<bigint, Hex[]>
  /** Above all that is mined, and all that waits within reach. */
  end: bigint
}

export async function seeChain({ context, deadline }: Run): Promise<Seen> {
  const { account, chain } = context
  const latest = await readHighest(chain, account, 'latest', deadline)
  const pending = await readHighest(chain, account, 'pending', deadline)
  const pool = await chain.listPool(account.address, { deadline })
  const { number: block } = await chain.getBlock('latest', { deadline })
  const isNear = (count: bigint) => count <= latest + farAbove
  const used = [latest, pending].filter(isNear).reduce(max)
  const waiting = [...pool.keys()].map((nonce) => nonce + 1n)
  return {
    ...{ latest, used, block, pool },
    end: [used, ...waiting.filter(isNear)].reduce(max),
  }
}

export function isSame(one: Seen, other: Seen): boolean {
  const waiting = ({ pool }: Seen) => [...pool.values()].flat().sort().join()
  return (
    one.latest === other.latest &&
    one.used === other.used &&
    waiting(one) === waiting(other)
  )
}
