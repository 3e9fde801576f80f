import { parseGwei } from 'viem'
import { leastTip } from './leastTip.js'
import { serveNode, type Upstream } from './serveNode.js'

/** BNB Chain: a gwei at least, told without the figure. */
export const bscLike = (upstream: Upstream) =>
  serveNode(
    upstream,
    leastTip({
      least: parseGwei('1'),
      shown: parseGwei('0.05'),
      refusal: () => 'transaction underpriced',
    }),
  )
