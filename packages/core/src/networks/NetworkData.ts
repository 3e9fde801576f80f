import type { NetworkFacts } from './NetworkFacts.js'
import { networkData } from './networkData.generated.js'

export type { NetworkFacts as NetworkData } from './NetworkFacts.js'

/**
 * The facts of a network; none for one that is not known.
 *
 * @example
 * NetworkData.get(137).minTip // 25000000000n
 */
export function get(chainId: number): NetworkFacts {
  return Object.hasOwn(networkData, chainId) ? (networkData[chainId] ?? {}) : {}
}

/** The predeploy of the OP stack that tells what data costs. */
export const gasPriceOracle = '0x420000000000000000000000000000000000000f'

/** Scroll's. */
export const l1GasPriceOracle = '0x5300000000000000000000000000000000000002'
