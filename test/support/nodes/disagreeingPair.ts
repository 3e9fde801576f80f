import { answer, type Rule, serveNode, type Upstream } from './serveNode.js'

/**
 * Two nodes that tell different stories of one transaction: at the second one it
 * failed, in a block with another hash.
 */
export async function disagreeingPair(upstream: Upstream) {
  const honest = await serveNode(upstream, () => undefined)
  const other = await serveNode(upstream, tellOther)
  return {
    ...honest,
    urls: [honest.url, other.url],
    other,
    async close() {
      await Promise.all([honest.close(), other.close()])
    },
  }
}

const tellOther: Rule = async ({ method, params }, chain) => {
  if (
    !/^eth_get(?:TransactionReceipt|TransactionByHash|BlockByNumber)$/.test(
      method,
    )
  )
    return undefined
  const found = (await chain.get(method, params)) as Record<
    string,
    unknown
  > | null
  if (found === null) return answer(null)
  return answer({
    ...found,
    ...(method === 'eth_getTransactionReceipt'
      ? { status: found.status === '0x1' ? '0x0' : '0x1' }
      : {}),
    ...(typeof found.blockHash === 'string'
      ? { blockHash: another(found.blockHash) }
      : {}),
    ...(method === 'eth_getBlockByNumber' && typeof found.hash === 'string'
      ? { hash: another(found.hash) }
      : {}),
  })
}

function another(hash: string): string {
  return `0x${[...hash.slice(2)].reverse().join('')}`
}
