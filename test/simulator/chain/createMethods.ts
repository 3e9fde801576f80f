import type { Block, SimChain } from './createSimChain.js'
import type { SimNode } from './createSimNode.js'
import { Refusal } from './Refusal.js'
import {
  decode,
  type Hex,
  quantity,
  type SimTransaction,
} from './SimTransaction.js'

/** @throws Refusal */
export type Method = (params: readonly unknown[]) => unknown

/** What a node answers that does not lie, by method. */
export function createMethods(
  chain: SimChain,
  node: SimNode,
): Readonly<Record<string, Method>> {
  const methods = createUsual(chain, node)
  const place = { chain, node }
  for (const [name, answer] of Object.entries(chain.manners.answers ?? {})) {
    const usual = methods[name] ?? missing
    methods[name] = (params) => answer(params, () => usual(params), place)
  }
  return methods
}

const missing = () => {
  throw new Refusal('the method does not exist', -32601)
}

function createUsual(chain: SimChain, node: SimNode): Record<string, Method> {
  const { chainId, address, finalizedDepth } = chain.options
  const baseFee = () =>
    node.head() === chain.head ? chain.nextBaseFee : node.head().baseFee
  const isOurs = (value: unknown) => String(value).toLowerCase() === address

  function find(tag: unknown): Block | undefined {
    const head = node.head()
    if (tag === 'latest' || tag === 'pending' || tag === undefined) return head
    if (tag === 'safe' || tag === 'finalized')
      return node.block(head.number - finalizedDepth)
    // Of what came before, nothing is known but that nothing was sent.
    return node.block(Math.max(Number(tag), chain.blocks[0]?.number ?? 0))
  }

  function state(tag: unknown): Block {
    const block = find(tag)
    if (block === undefined) throw new Refusal('header not found')
    if (block.number < node.head().number - node.statesKept)
      throw new Refusal('missing trie node (path ) state is not available')
    return block
  }

  return {
    eth_chainId: () => quantity(chainId),
    net_version: () => String(chainId),
    eth_blockNumber: () => quantity(node.head().number),
    eth_getTransactionCount([of, tag]) {
      if (!isOurs(of)) return '0x0'
      const { nonce } = state(tag)
      return quantity(tag === 'pending' ? node.pool.countFrom(nonce) : nonce)
    },
    eth_getBalance: ([of, tag]) =>
      quantity(isOurs(of) ? state(tag).balance : 0n),
    eth_gasPrice: () => quantity(baseFee() + chain.tip),
    eth_maxPriorityFeePerGas: () => quantity(chain.tip),
    eth_feeHistory([count, , percentiles]) {
      const number = node.head().number
      const first = Math.max(
        number - Number(count) + 1,
        chain.blocks[0]?.number ?? 0,
      )
      const blocks = Array.from({ length: number - first + 1 }, (_, index) =>
        node.block(first + index),
      )
      const bases = blocks.map((block) => quantity(block?.baseFee ?? 0n))
      const row = (percentiles as number[]).map((share) =>
        quantity((chain.tip * BigInt(50 + share)) / 100n),
      )
      return {
        oldestBlock: quantity(first),
        baseFeePerGas: [...bases, quantity(baseFee())],
        gasUsedRatio: blocks.map(() => 0.5),
        reward: blocks.map(() => row),
      }
    },
    eth_estimateGas([call]) {
      const { to, value, data } = call as { to?: Hex; value?: Hex; data?: Hex }
      if (BigInt(value ?? 0) > node.head().balance)
        throw new Refusal('insufficient funds for transfer')
      if (to !== undefined && chain.reverting.has(to.toLowerCase() as Hex))
        throw new Refusal('execution reverted', 3, '0x')
      return quantity(21_000 + 16 * (((data?.length ?? 2) - 2) / 2))
    },
    eth_sendRawTransaction: async ([raw]) => {
      const transaction = await decode(raw as Hex)
      chain.remember(transaction)
      if (node.minedBlock(transaction.hash) === undefined)
        chain.manners.refuse?.(transaction, { chain, node })
      const refusal = node.take(transaction)
      if (refusal !== undefined) throw new Refusal(refusal)
      return transaction.hash
    },
    eth_getTransactionReceipt([hash]) {
      const block = node.minedBlock(hash as Hex)
      return block === undefined ? null : toReceipt(block, hash as Hex)
    },
    eth_getTransactionByHash([hash]) {
      const block = node.minedBlock(hash as Hex)
      if (block !== undefined) return toFull(block, hash as Hex)
      const pooled = node.pool.has(hash as Hex)
      return pooled === undefined ? null : inPool(pooled)
    },
    eth_getRawTransactionByHash([hash]) {
      const block = node.minedBlock(hash as Hex)
      if (block === undefined) return node.pool.has(hash as Hex)?.raw ?? null
      return mined(block, hash as Hex)?.transaction.raw ?? null
    },
    eth_getBlockByNumber([tag, full]) {
      const block = find(tag)
      return block === undefined ? null : toBlock(block, full === true)
    },
    eth_getBlockByHash([hash, full]) {
      const block = chain.blocks.find((one) => one.hash === hash)
      const own = block && node.block(block.number)
      return own?.hash === hash ? toBlock(own as Block, full === true) : null
    },
    txpool_contentFrom([of]) {
      const pending: Record<string, unknown> = {}
      const queued: Record<string, unknown> = {}
      if (!isOurs(of)) return { pending, queued }
      const end = node.pool.countFrom(node.head().nonce)
      for (const one of node.pool.all()) {
        const place = one.nonce < end ? pending : queued
        place[String(one.nonce)] = inPool(one)
      }
      return { pending, queued }
    },
  }
}

const mined = (block: Block, hash: Hex) =>
  block.transactions.find(({ transaction }) => transaction.hash === hash)

const bloom = `0x${'00'.repeat(256)}`

function toReceipt(block: Block, hash: Hex) {
  const index = block.transactions.findIndex(
    ({ transaction }) => transaction.hash === hash,
  )
  const found = block.transactions[index]
  if (found === undefined) return null
  const { from, to } = found.transaction
  return {
    transactionHash: hash,
    transactionIndex: quantity(index),
    blockNumber: quantity(block.number),
    blockHash: block.hash,
    from,
    to: to ?? null,
    status: found.isReverted ? '0x0' : '0x1',
    gasUsed: '0x5208',
    cumulativeGasUsed: '0x5208',
    effectiveGasPrice: quantity(found.gasPrice),
    logs: [],
    logsBloom: bloom,
  }
}

function toFull(block: Block, hash: Hex) {
  const index = block.transactions.findIndex(
    ({ transaction }) => transaction.hash === hash,
  )
  return {
    ...block.transactions[index]?.transaction.json,
    blockNumber: quantity(block.number),
    blockHash: block.hash,
    transactionIndex: quantity(index),
  }
}

const inPool = ({ json }: SimTransaction) => ({
  ...json,
  blockNumber: null,
  blockHash: null,
  transactionIndex: null,
})

function toBlock(block: Block, full: boolean) {
  return {
    number: quantity(block.number),
    hash: block.hash,
    parentHash: block.parentHash,
    timestamp: quantity(Math.floor(block.minedAt / 1000)),
    baseFeePerGas: quantity(block.baseFee),
    gasLimit: '0x1c9c380',
    gasUsed: '0xe4e1c0',
    transactions: block.transactions.map(({ transaction: { hash } }) =>
      full ? toFull(block, hash) : hash,
    ),
  }
}
