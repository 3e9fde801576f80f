import { readRaw } from './readRaw.js'
import {
  answer,
  firstOf,
  type Rule,
  serveNode,
  toHex,
  type Upstream,
} from './serveNode.js'
import { createKeeper } from './withholder.js'

/**
 * Invents a receipt for each transaction that it should have sent: mined and
 * successful, in the chain's newest block. The payee has nothing.
 */
export async function receiptLiar(upstream: Upstream) {
  const kept = createKeeper()
  const minedIn = new Map<string, string>()
  const standIn = await serveNode(
    upstream,
    firstOf(kept.rule, createRule(kept.raws, minedIn)),
  )
  return Object.assign(standIn, { release: () => kept.release(standIn) })
}

function createRule(
  raws: ReadonlyMap<string, string>,
  minedIn: Map<string, string>,
): Rule {
  return async ({ method, params }, chain) => {
    const [first] = params as [string]
    if (method === 'eth_getTransactionCount') {
      const count = Number(await chain.get(method, params))
      const sent = await Promise.all([...raws.values()].map(readRaw))
      const used = sent
        .filter(({ from }) => from === first.toLowerCase())
        .map(({ nonce }) => nonce + 1)
      return answer(toHex(Math.max(count, ...used)))
    }
    const raw = raws.get(first)
    if (raw === undefined) return undefined
    if (!/^eth_getTransaction(?:Receipt|ByHash)$/.test(method)) return undefined
    const sent = await readRaw(raw)
    const number =
      minedIn.get(first) ?? String(await chain.get('eth_blockNumber'))
    minedIn.set(first, number)
    const block = (await chain.get('eth_getBlockByNumber', [
      number,
      false,
    ])) as { hash: string }
    const place = {
      blockHash: block.hash,
      blockNumber: number,
      transactionIndex: '0x0',
      from: sent.from,
      to: sent.to ?? null,
    }
    if (method === 'eth_getTransactionByHash')
      return answer({
        ...place,
        hash: sent.hash,
        nonce: toHex(sent.nonce),
        value: toHex(sent.value),
        gas: toHex(sent.gas),
        input: '0x',
      })
    return answer({
      ...place,
      transactionHash: sent.hash,
      status: '0x1',
      gasUsed: toHex(21_000),
      cumulativeGasUsed: toHex(21_000),
      effectiveGasPrice: toHex(sent.maxFee),
      contractAddress: null,
      logs: [],
      logsBloom: `0x${'00'.repeat(256)}`,
      type: sent.isLegacy ? '0x0' : '0x2',
    })
  }
}
