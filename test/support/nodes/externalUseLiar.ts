import {
  answer,
  firstOf,
  type Rule,
  serveNode,
  toHex,
  type Upstream,
} from './serveNode.js'
import { createKeeper } from './withholder.js'

type Lie = { address: string; nonce: number; block: number }

/**
 * Invents that somebody else used a nonce, in the newest block of that moment:
 * the count is above it, and the block has a transaction with our `from`, which
 * nobody signed. It keeps back what it should send, and sends it later.
 */
export async function externalUseLiar(upstream: Upstream) {
  const kept = createKeeper()
  const lies: Lie[] = []
  const standIn = await serveNode(
    upstream,
    firstOf(kept.rule, createRule(lies)),
  )
  return Object.assign(standIn, {
    /** From now on this nonce of an account is used. */
    async lie(address: string, nonce: number) {
      const block = Number(await standIn.chain.get('eth_blockNumber'))
      lies.push({ address: address.toLowerCase(), nonce, block })
    },
    release: () => kept.release(standIn),
  })
}

const inventedHash = `0x${'1e'.repeat(32)}`

function createRule(lies: readonly Lie[]): Rule {
  return async ({ method, params }, chain) => {
    if (method === 'eth_getTransactionCount') {
      const [address, at] = params as [string, string]
      const count = Number(await chain.get(method, params))
      const used = lies
        .filter((lie) => lie.address === address.toLowerCase())
        .filter(({ block }) => !at.startsWith('0x') || Number(at) >= block)
        .map(({ nonce }) => nonce + 1)
      return answer(toHex(Math.max(count, ...used)))
    }
    if (method === 'eth_getBlockByNumber' && params[1] === true) {
      const block = (await chain.get(method, params)) as Block | null
      if (block === null) return answer(null)
      const invented = lies
        .filter((lie) => lie.block === Number(block.number))
        .map((lie) => toTransaction(lie, block))
      const transactions = [...block.transactions, ...invented]
      return answer({ ...block, transactions })
    }
    return undefined
  }
}

type Block = { number: string; hash: string; transactions: unknown[] }

/** Complete but for a signature that recovers to the account. */
function toTransaction({ address, nonce }: Lie, block: Block) {
  return {
    type: '0x2',
    chainId: toHex(31_337),
    nonce: toHex(nonce),
    from: address,
    to: `0x${'ee'.repeat(20)}`,
    value: '0x1',
    input: '0x',
    gas: toHex(21_000),
    gasPrice: toHex(2_000_000_000),
    maxFeePerGas: toHex(2_000_000_000),
    maxPriorityFeePerGas: toHex(1_000_000_000),
    accessList: [],
    r: `0x${'11'.repeat(32)}`,
    s: `0x${'22'.repeat(32)}`,
    v: '0x0',
    yParity: '0x0',
    hash: inventedHash,
    blockHash: block.hash,
    blockNumber: block.number,
    transactionIndex: '0x0',
  }
}
