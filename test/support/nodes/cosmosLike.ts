import { parseGwei } from 'viem'
import { legacyChain } from './legacyChain.js'
import { serveNode, type Upstream } from './serveNode.js'

/** A chain of the Cosmos SDK: the whole fee is compared, in its own coin. */
export const cosmosLike = (upstream: Upstream) =>
  serveNode(
    upstream,
    legacyChain({
      told: parseGwei('20'),
      least: parseGwei('25'),
      refusal: ({ gas, maxFee }, least) =>
        `provided fee < minimum global fee (${gas * maxFee}aphoton < ${gas * least}aphoton). Please increase the gas price.: insufficient fee`,
    }),
  )
