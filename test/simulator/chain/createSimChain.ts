import { epoch, type Scheduler } from '../createScheduler.js'
import type { Random } from '../random.js'
import { createPool, type Pool } from './createPool.js'
import { createSimNode, type SimNode } from './createSimNode.js'
import type { Manners } from './Manners.js'
import type { Hex, SimTransaction } from './SimTransaction.js'

export type Block = {
  number: number
  hash: Hex
  parentHash: Hex
  /** Milliseconds since 1970. */
  minedAt: number
  baseFee: bigint
  /** Of the account, with their receipts. */
  transactions: Mined[]
  /** The account's state behind it. */
  nonce: number
  balance: bigint
}

export type Mined = {
  transaction: SimTransaction
  isReverted: boolean
  gasPrice: bigint
}

export type ChainOptions = {
  scheduler: Scheduler
  random: Random
  chainId: number
  /** The one account whose transactions are looked at. */
  address: Hex
  startNonce: number
  /** The last ones below it, with their bytes. */
  history?: readonly SimTransaction[]
  startBalance: bigint
  /** Wei per gas; the base fee goes back to it. */
  baseFee: bigint
  /** What the others pay. */
  tip: bigint
  blockMs: number
  /** Transactions of the account that a block takes. */
  perBlock: number
  nodeCount: number
  /** Blocks below the head that count as final for the tag `finalized`. */
  finalizedDepth: number
  /** @default those of geth on mainnet */
  manners?: Manners
  tell?: (text: string) => void
}

export type SimChain = {
  readonly options: ChainOptions
  readonly manners: Manners
  readonly head: Block
  /** The branch that counts, from the first block kept. */
  readonly blocks: readonly Block[]
  readonly nodes: readonly SimNode[]
  /** All bytes that any node ever got. */
  readonly seen: ReadonlyMap<Hex, SimTransaction>
  /** All blocks that had a transaction, in whatever branch. */
  blocksWith(hash: Hex): readonly Block[]
  isInChain(block: Block): boolean
  /** Calls to these addresses are mined as reverted. */
  readonly reverting: Set<Hex>
  readonly tip: bigint
  /** Of the block that comes next. */
  readonly nextBaseFee: bigint
  /** A node that got something tells it to the others. */
  spread(transaction: SimTransaction, from: SimNode | undefined): void
  remember(transaction: SimTransaction): void
  /** Takes the last blocks away and puts others in their place, one more. */
  reorg(depth: number, fate: Fate): void
  /** What was in blocks that counted as final and are gone. */
  readonly goneFinal: ReadonlySet<Hex>
  evict(): void
  /** Somebody pays so much to the account, in the next block. */
  fund(wei: bigint): void
  /** Of the next block. */
  multiplyBaseFee(factor: bigint): void
  /** Whether the miner or a node has it waiting. */
  isPooled(hash: Hex): boolean
  /** Of the account, by what the miner has. */
  pendingCount(): number
  start(): void
  stop(): void
}

/** What becomes of the transactions of blocks that are taken away. */
export type Fate = 'back in the pool' | 'mined again' | 'lost'

/** Blocks before the schedule begins; no reorg is deeper. */
const blocksBefore = 80
const firstBlock = 1000
const gossipEvery = 20

export function createSimChain(options: ChainOptions): SimChain {
  const { scheduler, random, blockMs, tell, history = [] } = options
  const reverting = new Set<Hex>()
  const seen = new Map<Hex, SimTransaction>()
  const minedIn = new Map<Hex, Block[]>()
  const goneFinal = new Set<Hex>()
  const miner: Pool = createPool()
  const { manners = {} } = options
  const { dataFee = 0n } = manners
  let gift = { number: -1, wei: 0n }
  let blocks: Block[] = []
  let nextBaseFee = options.baseFee
  let isRunning = false
  let serial = 0
  const head = () => blocks.at(-1) as Block

  function append(minedAt: number, withPool: boolean): Block {
    const parent = blocks.at(-1)
    const block: Block = {
      number: parent === undefined ? firstBlock : parent.number + 1,
      hash: `0x${(++serial).toString(16).padStart(64, 'b10c')}`,
      parentHash: parent?.hash ?? `0x${'00'.repeat(32)}`,
      minedAt,
      baseFee: nextBaseFee,
      transactions: [],
      nonce: parent?.nonce ?? options.startNonce - history.length,
      balance: parent?.balance ?? options.startBalance,
    }
    if (block.number === gift.number) block.balance += gift.wei
    if (withPool) fill(block)
    blocks.push(block)
    nextBaseFee = follow(nextBaseFee)
    return block
  }

  /** An eighth at most, up or down, and in the long run back to where it was. */
  function follow(fee: bigint): bigint {
    const { baseFee } = options
    if (fee > baseFee * 2n) return fee - fee / 8n
    const change = BigInt(random.between(-60, fee > baseFee ? 40 : 80))
    return fee + (fee * change) / 1000n
  }

  function fill(block: Block): void {
    for (let taken = 0; taken < options.perBlock; taken++) {
      const transaction = miner.get(block.nonce)
      if (transaction === undefined) return
      const { value, gas, maxFee, tip, to } = transaction
      const room = maxFee - block.baseFee
      const paid = least(room, tip)
      if (room < 0n || paid < options.tip / 2n) return
      if (block.balance < value + gas * maxFee + dataFee) return
      const isReverted = to !== undefined && reverting.has(to)
      const gasPrice = block.baseFee + paid
      block.transactions.push({ transaction, isReverted, gasPrice })
      block.nonce++
      const isToSelf = to === transaction.from
      block.balance -= 21_000n * gasPrice + dataFee
      if (!isReverted && !isToSelf) block.balance -= value
      const { hash } = transaction
      minedIn.set(hash, [...(minedIn.get(hash) ?? []), block])
      tell?.(`block ${block.number} mines nonce ${transaction.nonce} ${hash}`)
    }
  }

  function mine(): void {
    if (!isRunning) return
    append(epoch + scheduler.now, true)
    miner.prune(head().nonce)
    for (const node of chain.nodes) node.pool.prune(node.head().nonce)
    if (head().number % gossipEvery === 0) gossip()
    // Blocks come when they come.
    const share = random.between(50, 150) / 100
    scheduler.tick(Math.round(blockMs * share), mine)
  }

  /** Nodes tell again what they have, now and then. */
  function gossip(): void {
    for (const node of chain.nodes)
      if (node.drops === 'nothing')
        for (const one of node.pool.all()) chain.spread(one, node)
  }

  function addToMiner(transaction: SimTransaction): void {
    const { nonce, balance } = head()
    miner.add(transaction, { nonce, balance, minTip: 1n })
  }

  const chain: SimChain = {
    options,
    manners,
    reverting,
    seen,
    goneFinal,
    nodes: [],
    tip: options.tip,
    get head() {
      return head()
    },
    get nextBaseFee() {
      return nextBaseFee
    },
    get blocks() {
      return blocks
    },
    blocksWith: (hash) => minedIn.get(hash) ?? [],
    isInChain: (block) => blocks[block.number - firstBlock] === block,
    remember(transaction) {
      seen.set(transaction.hash, transaction)
    },
    spread(transaction, from) {
      seen.set(transaction.hash, transaction)
      scheduler.tick(random.between(5, 300), () => addToMiner(transaction))
      for (const node of chain.nodes) {
        if (node === from) continue
        scheduler.tick(random.between(5, 600), () => node.hear(transaction))
      }
    },
    reorg(depth, fate) {
      const gone = Math.min(depth, blocks.length - 1)
      const old = blocks
      blocks = old.slice(0, -gone)
      const orphans = old
        .slice(-gone)
        .flatMap(({ transactions }) => transactions)
        .map(({ transaction }) => transaction)
      for (const { transactions } of old
        .slice(-gone)
        .slice(0, Math.max(0, gone - options.finalizedDepth + 1)))
        for (const { transaction } of transactions)
          goneFinal.add(transaction.hash)
      tell?.(`reorg of ${gone} blocks: ${orphans.length} ${fate}`)
      nextBaseFee = head().baseFee
      if (fate === 'mined again') for (const one of orphans) addToMiner(one)
      const start = head().minedAt
      const spanMs = epoch + scheduler.now - start
      for (let index = 1; index <= gone + 1; index++) {
        const share = index / (gone + 1)
        append(start + Math.round(spanMs * share), fate === 'mined again')
      }
      const gonePool = new Set(orphans.map(({ hash }) => hash))
      for (const { pool } of [{ pool: miner }, ...chain.nodes]) {
        pool.prune(head().nonce)
        if (fate === 'lost') for (const hash of gonePool) pool.remove(hash)
      }
      if (fate !== 'back in the pool') return
      for (const one of orphans) {
        addToMiner(one)
        for (const node of chain.nodes) node.hear(one)
      }
    },
    evict() {
      miner.clear()
      for (const { pool } of chain.nodes) pool.clear()
    },
    fund(wei) {
      gift = { number: head().number + 1, wei }
    },
    multiplyBaseFee(factor) {
      nextBaseFee *= factor
    },
    isPooled: (hash) =>
      [{ pool: miner }, ...chain.nodes].some(
        ({ pool }) => pool.has(hash) !== undefined,
      ),
    pendingCount: () => miner.countFrom(head().nonce),
    start() {
      if (isRunning) return
      isRunning = true
      scheduler.tick(random.below(blockMs), mine)
    },
    stop() {
      isRunning = false
    },
  }
  for (let index = blocksBefore; index > 0; index--) {
    const block = append(epoch - index * blockMs, false)
    const transaction = history[blocksBefore - index - 1]
    if (transaction === undefined) continue
    const gasPrice = transaction.maxFee
    block.transactions.push({ transaction, isReverted: false, gasPrice })
    block.nonce++
    minedIn.set(transaction.hash, [block])
  }
  nextBaseFee = options.baseFee
  Object.assign(chain, {
    nodes: Array.from({ length: options.nodeCount }, (_, index) =>
      createSimNode(chain, index),
    ),
  })
  return chain
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}
