import { answer, serveNode, type Upstream } from './serveNode.js'

/** Receipts as before Byzantium: a state's root, and no word on the outcome. */
export const noStatus = (upstream: Upstream) =>
  serveNode(upstream, async (call, chain) => {
    if (call.method !== 'eth_getTransactionReceipt') return undefined
    const receipt = await chain.get(call.method, call.params)
    if (receipt === null) return answer(null)
    const { status, ...rest } = receipt as Record<string, unknown>
    return answer({ ...rest, root: `0x${'00'.repeat(32)}` })
  })
