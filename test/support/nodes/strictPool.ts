import type { Sent } from './readRaw.js'
import { readSent } from './readRaw.js'
import { refuse, serveNode, type Upstream } from './serveNode.js'

/**
 * geth's rule of replacements, which anvil does not keep: tip and maximum at
 * least a tenth above what the pool has of the same nonce. What was never in the
 * pool needs no more than its own price.
 */
export async function strictPool(upstream: Upstream) {
  const pool = new Map<string, Sent>()
  const standIn = await serveNode(upstream, async (call, chain) => {
    const sent = await readSent(call)
    if (sent === undefined) return undefined
    const next = Number(
      await chain.get('eth_getTransactionCount', [sent.from, 'latest']),
    )
    if (sent.nonce < next)
      return refuse(`nonce too low: next nonce ${next}, tx nonce ${sent.nonce}`)
    const key = `${sent.from}-${sent.nonce}`
    const pooled = pool.get(key)
    if (pooled?.hash === sent.hash) return refuse('already known')
    const isEnough = (now: bigint, before: bigint) =>
      now * 100n >= before * 110n && now > before
    if (
      pooled !== undefined &&
      !(isEnough(sent.maxFee, pooled.maxFee) && isEnough(sent.tip, pooled.tip))
    )
      return refuse('replacement transaction underpriced')
    const taken = await chain.ask(call.method, call.params)
    if ('result' in taken) pool.set(key, sent)
    return taken
  })
  return Object.assign(standIn, {
    /** Forgets what it has, as a node does that was restarted. */
    forget: () => pool.clear(),
  })
}
