import { parseGwei } from 'viem'
import { readSent } from './readRaw.js'
import { refuse, serveNode, type Upstream } from './serveNode.js'

const least = parseGwei('1')

/**
 * A pool that refuses a price and then, for a while, the very bytes, whatever
 * their price would be. `says` may be "already known", as nodes of Substrate
 * have it: what they call known is mined nowhere.
 */
export async function bannedBytes(
  upstream: Upstream,
  options: { banMs?: number; says?: string } = {},
) {
  const { banMs = 60_000, says = 'Transaction is temporarily banned' } = options
  const bannedUntil = new Map<string, number>()
  const standIn = await serveNode(upstream, async (call) => {
    const sent = await readSent(call)
    if (sent === undefined) return undefined
    if ((bannedUntil.get(sent.hash) ?? 0) > Date.now())
      return refuse(says, says.includes('banned') ? 1012 : -32000)
    if (sent.tip >= least) return undefined
    bannedUntil.set(sent.hash, Date.now() + banMs)
    return refuse('gas price less than block base fee')
  })
  return Object.assign(standIn, { pardon: () => bannedUntil.clear() })
}
