import type { Sent } from './readRaw.js'
import { readSent } from './readRaw.js'
import { answer, missing, type Rule, refuse, toHex } from './serveNode.js'

/** A chain without a base fee, whose pool wants more than `eth_gasPrice` says. */
export function legacyChain(options: {
  /** Wei per gas: what `eth_gasPrice` answers. */
  told: bigint
  /** Wei per gas: what the pool wants. */
  least: bigint
  refusal: (sent: Sent, least: bigint) => string
}): Rule {
  return async (call, chain) => {
    const { method, params } = call
    if (method === 'eth_feeHistory' || method === 'eth_maxPriorityFeePerGas')
      return missing(method)
    if (method === 'eth_gasPrice') return answer(toHex(options.told))
    if (method === 'eth_getBlockByNumber' || method === 'eth_getBlockByHash') {
      const block = await chain.get(method, params)
      if (block === null) return answer(null)
      const { baseFeePerGas, ...rest } = block as Record<string, unknown>
      return answer(rest)
    }
    const sent = await readSent(call)
    if (sent === undefined) return undefined
    if (!sent.isLegacy) return refuse('transaction type not supported')
    return sent.maxFee < options.least
      ? refuse(options.refusal(sent, options.least))
      : undefined
  }
}
