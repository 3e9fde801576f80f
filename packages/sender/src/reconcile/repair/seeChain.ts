import type { Hex } from '@keyward/core'
import { max } from '../../bigints.js'
import { farAbove, readHighest } from '../../nonce/readCount.js'
import type { Run } from '../Run.js'

/** The nodes' view of the account at one moment. */
export type Seen = {
  /** The account's count. */
  latest: bigint
  /** The count including pending transactions, but not those behind a gap. */
  used: bigint
  /** The newest block at that time. */
  block: bigint
  /** Pending bytes, by nonce. */
  pool: ReadonlyMap<bigint, Hex[]>
  /**
   * A nonce above all mined transactions, and all pending ones within reach.
   */
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
