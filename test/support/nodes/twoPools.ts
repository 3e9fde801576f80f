import { readSent } from './readRaw.js'
import { refuse, serveNode, type Upstream } from './serveNode.js'

/**
 * geth's pools of blobs and of all else: one of them has an account for itself
 * until nothing of it waits there.
 */
export const twoPools = async (upstream: Upstream) => {
  const holders = new Map<string, { isBlob: boolean; nonce: number }>()
  return serveNode(upstream, async (call, chain) => {
    const sent = await readSent(call)
    if (sent === undefined) return undefined
    const params = [sent.from, 'latest']
    const next = Number(await chain.get('eth_getTransactionCount', params))
    const held = holders.get(sent.from)
    if (held !== undefined && held.nonce >= next && held.isBlob !== sent.isBlob)
      return refuse('address already reserved')
    const taken = await chain.ask(call.method, call.params)
    if ('result' in taken) {
      const { isBlob } = sent
      const nonce = Math.max(sent.nonce, held?.nonce ?? 0)
      holders.set(sent.from, { isBlob, nonce })
    }
    return taken
  })
}
