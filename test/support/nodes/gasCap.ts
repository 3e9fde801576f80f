import { readSent } from './readRaw.js'
import { refuse, serveNode, type Upstream } from './serveNode.js'

const cap = 2n ** 24n

/** EIP-7825 and the block's own limit, which anvil does not hold against gas. */
export const gasCap = (upstream: Upstream) =>
  serveNode(upstream, async (call, chain) => {
    const sent = await readSent(call)
    if (sent === undefined) return undefined
    if (sent.gas > cap)
      return refuse(
        `transaction gas limit too high (cap: ${cap}, tx: ${sent.gas})`,
      )
    const block = await chain.get('eth_getBlockByNumber', ['latest', false])
    const { gasLimit } = block as { gasLimit: string }
    return sent.gas > BigInt(gasLimit)
      ? refuse('exceeds block gas limit')
      : undefined
  })
