import type { NetworkFacts } from './NetworkFacts.js'
import { networkData } from './networkData.generated.js'

export type { NetworkFacts as NetworkData } from './NetworkFacts.js'

/**
 * The facts about a network; empty for an unknown network.
 *
 * @example
 * NetworkData.get(137).minTip // 25000000000n
 */
export function get(chainId: number): NetworkFacts {
  return Object.hasOwn(networkData, chainId) ? (networkData[chainId] ?? {}) : {}
}

/** The predeploys that report data costs, by rollup stack. */
export const feeOracles = {
  'op-stack': '0x420000000000000000000000000000000000000f',
  scroll: '0x5300000000000000000000000000000000000002',
  morph: '0x530000000000000000000000000000000000000f',
} as const
