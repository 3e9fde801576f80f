import { parseGwei } from 'viem'
import { withRewards } from './leastTip.js'
import { readSent } from './readRaw.js'
import { answer, refuse, serveNode, toHex, type Upstream } from './serveNode.js'

const least = parseGwei('1')

/**
 * A chain that nobody uses: no block paid a tip. Its pool wants a gwei, which
 * `eth_maxPriorityFeePerGas` says.
 */
export const emptyBlocks = (upstream: Upstream) =>
  serveNode(upstream, async (call, chain) => {
    const { method, params } = call
    if (method === 'eth_maxPriorityFeePerGas') return answer(toHex(least))
    if (method === 'eth_feeHistory') {
      const history = await chain.get(method, params)
      const { gasUsedRatio } = history as { gasUsedRatio: number[] }
      return answer({
        ...Object(withRewards(history, '0x0')),
        gasUsedRatio: gasUsedRatio.map(() => 0),
      })
    }
    const sent = await readSent(call)
    return sent !== undefined && sent.tip < least
      ? refuse(
          `transaction underpriced: tip needed ${least}, tip permitted ${sent.tip}`,
        )
      : undefined
  })
