import type { Runtime } from '@keyward/core/rpc'
import {
  RpcHttpError,
  RpcRefusedError,
  RpcResponseError,
} from '@keyward/core/rpc'
import { type Cached, cacheFor } from '../cacheFor.js'
import type { Chain } from '../chain/createChain.js'
import { createFloor, type Floor } from './createFloor.js'
import type { Market } from './Fees.js'

type Options = { deadline?: number | undefined } | undefined

/**
 * Fees change with each block, so asking for every request would be wasteful.
 */
const freshMs = 2000

/** Percentiles of the tips paid in the last ten blocks. */
const percentiles = [20, 50, 90] as const

/**
 * Asks the chain for its fees, at most once every two seconds. Tips are never
 * below the network's minimum. Once a pool has refused a tip, they are also
 * never below the tips that the node and the refusal name.
 */
export function createMarket(
  chain: Chain,
  runtime: Runtime,
  {
    minTip = 0n,
    floor = createFloor(runtime),
  }: {
    minTip?: bigint | undefined
    floor?: Floor | undefined
  } = {},
): Cached<Market> {
  const blocks = cacheFor(freshMs, runtime, (options) => ask(chain, options))
  const words = cacheFor(freshMs, runtime, (options) => listen(chain, options))
  return async (options) => {
    const market = await blocks(options)
    const { tip = 0n, price = 0n } = floor.needed()
    if (market.baseFee === undefined) return { ...market, least: price }
    const leastTip = higher(minTip, tip)
    const said = floor.isRaised() ? await words(options) : 0n
    const least = higher(leastTip, said)
    return {
      ...market,
      least: price,
      leastTip,
      tips: {
        slow: higher(market.tips.slow, least),
        normal: higher(market.tips.normal, least),
        fast: higher(market.tips.fast, least),
      },
    }
  }
}

async function ask(chain: Chain, options: Options): Promise<Market> {
  const history = await chain
    .getFeeHistory(percentiles, options)
    .catch((error: unknown) => {
      // Chains without EIP-1559 lack this method or these fields.
      if (isMissing(error) || error instanceof RpcResponseError)
        return undefined
      throw error
    })
  if (history === undefined || history.baseFee === 0n) {
    const { baseFeePerGas } = await chain.getBlock('latest', options)
    if (baseFeePerGas === undefined)
      return { baseFee: undefined, gasPrice: await chain.getGasPrice(options) }
    if (history === undefined) {
      // The base fee may double within a few blocks. A quarter is more than one
      // block can add.
      const tip = await getTip(chain, baseFeePerGas, options)
      const baseFee = baseFeePerGas + baseFeePerGas / 4n
      return { baseFee, tips: { slow: tip, normal: tip, fast: tip * 2n } }
    }
  }
  const [slow = 0n, normal = 0n, fast = 0n] = percentiles.map((_, index) =>
    median(history.rewards.map((row) => row[index] ?? 0n)),
  )
  if (fast > 0n) return toMarket(history.baseFee, slow, normal, fast)
  // Empty blocks say nothing about tips.
  const tip = await getTip(chain, history.baseFee, options).catch(() => 0n)
  return toMarket(history.baseFee, tip, tip, tip)
}

/** The tip that a node suggests, regardless of what blocks show. */
async function listen(chain: Chain, options: Options): Promise<bigint> {
  const none = () => 0n
  const [tip, gasPrice, base] = await Promise.all([
    chain.getTip(options).catch(none),
    chain.getGasPrice(options).catch(none),
    chain
      .getBlock('latest', options)
      .then(({ baseFeePerGas = 0n }) => baseFeePerGas)
      .catch(() => undefined),
  ])
  const rest = base !== undefined && gasPrice > base ? gasPrice - base : 0n
  return higher(tip, rest)
}

/** Whether a healthy endpoint lacks this method or denies it to us. */
function isMissing(error: unknown): boolean {
  if (error instanceof RpcHttpError) return error.status < 500
  return error instanceof RpcRefusedError
}

/** The current tips. If none are reported, derives a tip from the gas price. */
async function getTip(
  chain: Chain,
  baseFee: bigint,
  options: Options,
): Promise<bigint> {
  const price = async (error: unknown) => {
    if (!isMissing(error)) throw error
    const gasPrice = await chain.getGasPrice(options)
    return gasPrice > baseFee ? gasPrice - baseFee : 1n
  }
  return chain.getTip(options).catch(price)
}

function toMarket(
  baseFee: bigint,
  slow: bigint,
  normal: bigint,
  fast: bigint,
): Market {
  // Pools refuse a zero tip, and a higher percentile may be below a lower one.
  const tips = { slow: higher(slow, 1n), normal: 0n, fast: 0n }
  tips.normal = higher(normal, tips.slow)
  tips.fast = higher(fast, tips.normal)
  return { baseFee, tips }
}

function higher(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}

/** Reads only blocks that had transactions. */
function median(values: readonly bigint[]): bigint {
  const sorted = values
    .filter((value) => value > 0n)
    .sort((a, b) => (a < b ? -1 : 1))
  return sorted[Math.floor(sorted.length / 2)] ?? 0n
}
