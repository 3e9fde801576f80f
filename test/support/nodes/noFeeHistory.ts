import { missing, serveNode, type Upstream } from './serveNode.js'

/** A chain with a base fee whose node has no `eth_feeHistory`. */
export const noFeeHistory = (upstream: Upstream) =>
  serveNode(upstream, ({ method }) =>
    method === 'eth_feeHistory' ? missing(method) : undefined,
  )
