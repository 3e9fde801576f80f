import { parseGwei } from 'viem'
import { leastTip } from './leastTip.js'
import { serveNode, type Upstream } from './serveNode.js'

/** Polygon: 25 gwei at least, and blocks show less. */
export const borLike = (upstream: Upstream) =>
  serveNode(
    upstream,
    leastTip({
      least: parseGwei('25'),
      shown: parseGwei('1.5'),
      refusal: (tip, least) =>
        `transaction gas price below minimum: gas tip cap ${tip}, minimum needed ${least}`,
    }),
  )
