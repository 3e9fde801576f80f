import type { Fault } from '../Fault.js'
import { createPool, type Pool } from './createPool.js'
import type { Block, SimChain } from './createSimChain.js'
import type { Hex, SimTransaction } from './SimTransaction.js'

/** One node: its own head, its own pool, its own manners. */
export type SimNode = {
  readonly name: string
  readonly index: number
  readonly pool: Pool
  /** The last block that it has. */
  head(): Block
  /** In its own branch; undefined above its head and below its first. */
  block(number: number): Block | undefined
  /** That it has in its own branch. */
  minedBlock(hash: Hex): Block | undefined
  /** From another node. */
  hear(transaction: SimTransaction): void
  /**
   * From a client.
   *
   * @returns why it was not taken
   */
  take(transaction: SimTransaction): string | undefined
  /** Blocks that it is behind for a while, on top of those that it always is. */
  lag: number
  usualLag: number
  /** Takes what clients send, and keeps it to itself or forgets it. */
  drops: 'nothing' | 'keeps it' | 'forgets it'
  /** Blocks of which it still has the state. */
  statesKept: number
  /** What is wrong with it at the moment. */
  readonly faults: Set<Fault>
  /** Stays with the branch of this moment. */
  fork(): void
  /** Goes with the others again. */
  join(): void
}

export function createSimNode(chain: SimChain, index: number): SimNode {
  const pool = createPool()
  let branch: readonly Block[] | undefined
  const blocks = () => branch ?? chain.blocks
  const first = () => (blocks()[0] as Block).number
  function add(transaction: SimTransaction) {
    const { nonce, balance } = node.head()
    return pool.add(transaction, { nonce, balance, minTip: 1n })
  }
  const node: SimNode = {
    name: `node-${index}`,
    index,
    pool,
    lag: 0,
    usualLag: chain.manners.lagOf?.(index) ?? 0,
    drops: 'nothing',
    faults: new Set(),
    statesKept: Number.POSITIVE_INFINITY,
    head() {
      const own = blocks()
      const lag = node.lag + node.usualLag
      return own[Math.max(0, own.length - 1 - lag)] as Block
    },
    block(number) {
      return number > node.head().number
        ? undefined
        : blocks()[number - first()]
    },
    minedBlock: (hash) =>
      chain
        .blocksWith(hash)
        .find((block) => node.block(block.number) === block),
    hear(transaction) {
      if (node.minedBlock(transaction.hash) === undefined) add(transaction)
    },
    take(transaction) {
      if (transaction.from !== chain.options.address) return undefined
      if (transaction.chainId !== chain.options.chainId)
        return 'invalid chain id for signer'
      if (node.drops === 'forgets it') return undefined
      const refusal = add(transaction)
      if (refusal === undefined && node.drops === 'nothing')
        chain.spread(transaction, node)
      return refusal
    },
    fork() {
      // Of what comes later nothing is added to it.
      branch = [...chain.blocks]
    },
    join() {
      branch = undefined
    },
  }
  return node
}
