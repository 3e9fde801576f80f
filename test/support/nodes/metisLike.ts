import { parseGwei } from 'viem'
import { legacyChain } from './legacyChain.js'
import { serveNode, type Upstream } from './serveNode.js'

/** Metis: the refusal names the price that would be enough. */
export const metisLike = (upstream: Upstream) =>
  serveNode(
    upstream,
    legacyChain({
      told: parseGwei('18'),
      least: parseGwei('23'),
      refusal: ({ maxFee }, least) =>
        `gas price too low: ${maxFee} wei, use at least tx.gasPrice = ${least} wei`,
    }),
  )
