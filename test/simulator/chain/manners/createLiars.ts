import type { SimChain } from '../createSimChain.js'
import type { SimNode } from '../createSimNode.js'
import type { Manners, MannersOptions } from '../Manners.js'
import { type Hex, quantity } from '../SimTransaction.js'

/** The first node keeps what it should send, and sends it when all is calm. */
function keeper(options: MannersOptions) {
  const { scheduler, calmMs } = options
  const isLiar = (node: SimNode) => node.index === 0 && scheduler.now < calmMs
  const before: Manners['before'] = ({ node }) => {
    if (isLiar(node)) node.drops = 'keeps it'
  }
  const calm = ({ spread, nodes: [liar] }: SimChain) => {
    if (liar === undefined) return
    liar.drops = 'nothing'
    for (const one of liar.pool.all()) spread(one, liar)
  }
  return { isLiar, before, calm }
}

/** Says of what it keeps that it was mined, in its newest block. */
export function receiptLiar(options: MannersOptions): Manners {
  const { isLiar, before, calm } = keeper(options)
  const minedIn = new Map<Hex, { number: number; hash: Hex }>()
  function find(node: SimNode, hash: Hex) {
    const kept = isLiar(node) ? node.pool.has(hash) : undefined
    if (kept === undefined) return undefined
    const block = minedIn.get(hash) ?? node.head()
    minedIn.set(hash, block)
    options.invented(hash)
    const place = {
      blockHash: block.hash,
      blockNumber: quantity(block.number),
      transactionIndex: '0x0',
    }
    return { ...kept.json, ...place }
  }
  return {
    before,
    calm,
    answers: {
      eth_getTransactionCount(_, honest, { node }) {
        const count = Number(honest())
        if (!isLiar(node)) return quantity(count)
        return quantity(node.pool.countFrom(count))
      },
      eth_getTransactionReceipt([hash], honest, { node }) {
        const found = honest() ?? find(node, hash as Hex)
        if (found === undefined) return null
        const sent = found as { hash?: Hex }
        return sent.hash === undefined
          ? found
          : { ...sent, transactionHash: hash, status: '0x1' }
      },
      eth_getTransactionByHash: ([hash], honest, { node }) =>
        find(node, hash as Hex) ?? honest(),
    },
  }
}

/** Invents that somebody else used the next nonce, in a block that there is. */
export function externalUseLiar(options: MannersOptions): Manners {
  const { isLiar, before, calm } = keeper(options)
  const { random, scheduler } = options
  const fromMs = random.below(60_000)
  let lie: { nonce: number; block: number } | undefined
  const invent = (node: SimNode) => {
    if (!isLiar(node) || scheduler.now < fromMs) return undefined
    const { nonce, number: block } = node.head()
    lie ??= { nonce, block }
    return lie
  }
  return {
    before,
    calm,
    answers: {
      eth_getTransactionCount([, tag], honest, { node }) {
        const count = Number(honest())
        const told = invent(node)
        const isBefore = told && Number(tag) < told.block
        return quantity(
          told === undefined || isBefore
            ? count
            : Math.max(count, told.nonce + 1),
        )
      },
      eth_getBlockByNumber([, full], honest, { node, chain }) {
        const told = invent(node)
        const block = honest() as { number: Hex; transactions: object[] } | null
        if (block === null || told === undefined || full !== true) return block
        if (Number(block.number) !== told.block) return block
        const { address, chainId } = chain.options
        const invented = { ...strangers, from: address }
        const numbers = {
          nonce: quantity(told.nonce),
          chainId: quantity(chainId),
        }
        const transactions = [
          ...block.transactions,
          { ...invented, ...numbers },
        ]
        return { ...block, transactions }
      },
    },
  }
}

/** Complete but for a signature that recovers to the account. */
const strangers = {
  hash: `0x${'1e'.repeat(32)}`,
  type: '0x2',
  to: `0x${'ee'.repeat(20)}`,
  value: '0x1',
  input: '0x',
  gas: '0x5208',
  gasPrice: '0x77359400',
  maxFeePerGas: '0x77359400',
  maxPriorityFeePerGas: '0x3b9aca00',
  accessList: [],
  r: `0x${'11'.repeat(32)}`,
  s: `0x${'22'.repeat(32)}`,
  v: '0x0',
  yParity: '0x0',
}
