import {
  answer,
  type Rule,
  serveNode,
  toHex,
  type Upstream,
} from './serveNode.js'

/** Where each method has its block. */
const blockAt: Record<string, number> = {
  eth_call: 1,
  eth_estimateGas: 1,
  eth_feeHistory: 1,
  eth_getBalance: 1,
  eth_getBlockByNumber: 0,
  eth_getCode: 1,
  eth_getTransactionCount: 1,
}

/**
 * Two nodes of one chain, of which the second one is some blocks behind: what is
 * mined there is a thing of the future.
 */
export async function laggingPair(
  upstream: Upstream,
  options: { blocks?: number } = {},
) {
  const state = { blocks: options.blocks ?? 3 }
  const fresh = await serveNode(upstream, () => undefined)
  const lagging = await serveNode(upstream, createLag(state))
  return {
    ...fresh,
    urls: [fresh.url, lagging.url],
    lagging,
    setLag(blocks: number) {
      state.blocks = blocks
    },
    async close() {
      await Promise.all([fresh.close(), lagging.close()])
    },
  }
}

/** Answers as a node that is so many blocks behind. */
export function createLag(state: { blocks: number }): Rule {
  return async ({ method, params }, chain) => {
    const newest = Number(await chain.get('eth_blockNumber'))
    const head = Math.max(0, newest - state.blocks)
    if (method === 'eth_blockNumber') return answer(toHex(head))
    if (/^eth_getTransaction(?:Receipt|ByHash)$/.test(method)) {
      const found = (await chain.get(method, params)) as Found | null
      if (found?.blockNumber == null || Number(found.blockNumber) <= head)
        return answer(found)
      return answer(method.endsWith('Receipt') ? null : toPending(found))
    }
    const at = blockAt[method]
    if (at === undefined) return undefined
    const block = params[at]
    const isNewest = block === 'latest' || block === 'pending' || block == null
    if (!isNewest && !(Number(block) > head)) return undefined
    if (!isNewest && method === 'eth_getBlockByNumber') return answer(null)
    const asked = [...params]
    asked[at] = toHex(head)
    return chain.ask(method, asked)
  }
}

type Found = { blockNumber: string | null }

function toPending(found: Found): Found {
  const none = { blockHash: null, blockNumber: null, transactionIndex: null }
  return { ...found, ...none }
}
