import { readSent } from './readRaw.js'
import { answer, type Rule, refuse, toHex } from './serveNode.js'

/**
 * A pool that wants more as a tip than any block shows. `eth_feeHistory` tells
 * of small tips; `eth_maxPriorityFeePerGas`, and `eth_gasPrice` less the base
 * fee, know what is wanted.
 */
export function leastTip(options: {
  /** Wei per gas. */
  least: bigint
  /** Wei per gas, in blocks. */
  shown: bigint
  refusal: (tip: bigint, least: bigint) => string
}): Rule {
  const { least, shown, refusal } = options
  return async (call, chain) => {
    const { method, params } = call
    if (method === 'eth_maxPriorityFeePerGas') return answer(toHex(least))
    if (method === 'eth_gasPrice') {
      const block = await chain.get('eth_getBlockByNumber', ['latest', false])
      const { baseFeePerGas } = block as { baseFeePerGas: string }
      return answer(toHex(BigInt(baseFeePerGas) + least))
    }
    if (method === 'eth_feeHistory') {
      const history = await chain.get(method, params)
      return answer(withRewards(history, toHex(shown)))
    }
    const sent = await readSent(call)
    return sent !== undefined && sent.tip < least
      ? refuse(refusal(sent.tip, least))
      : undefined
  }
}

/** A fee history whose blocks all paid the same tip. */
export function withRewards(history: unknown, tip: string): unknown {
  const { reward, ...rest } = history as { reward?: unknown[][] }
  return { ...rest, reward: reward?.map((row) => row.map(() => tip)) }
}
