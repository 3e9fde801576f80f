import { BaseError, EtherAmount } from '@keyward/core'
import { max, min } from '../bigints.js'
import type { SendRequest, Speed } from '../request/SendRequest.js'

/** Fees in wei per gas. Without a base fee, both are the gas price. */
export type Fees = {
  /** The next block's base fee; undefined on chains without EIP-1559. */
  baseFee: bigint | undefined
  maxFeePerGas: bigint
  maxPriorityFeePerGas: bigint
}

/** The chain's current fees. */
export type Market =
  | {
      baseFee: bigint
      tips: Record<Speed, bigint>
      /**
       * The lowest maximum fee that a pool accepts, according to its refusal.
       */
      least?: bigint | undefined
      /** Minimum tip that pools accept. */
      leastTip?: bigint | undefined
    }
  | {
      baseFee: undefined
      gasPrice: bigint
      /** The lowest price that a pool accepts, according to its refusal. */
      least?: bigint | undefined
    }

/** A caller's fee settings. */
export type Pricing = Pick<
  SendRequest,
  'speed' | 'maxFeePerGas' | 'maxPriorityFeePerGas' | 'exactFee'
>

export type Caps = {
  /** Hard limit in wei per gas (MAX_FEE_GWEI). */
  maxFeePerGas: bigint
  /** Hard limit for gas x fee, in wei (MAX_TX_FEE_ETHER). */
  maxTxFee: bigint
}

/**
 * Maximum fee in percent of the base fee, which may rise by an eighth per
 * block.
 */
const headroom: Record<Speed, bigint> = { slow: 150n, normal: 200n, fast: 300n }
const legacyPremium: Record<Speed, bigint> = {
  slow: 100n,
  normal: 110n,
  fast: 125n,
}

/**
 * The fees of a first attempt.
 *
 * @throws FeeCapError if a cap is below what the chain requires
 */
export function quote(
  market: Market,
  request: Pricing,
  gas: bigint,
  caps: Caps,
): Fees {
  const wanted = want(market, request.speed)
  const cap = lowestCap(request, gas, caps)
  const floor = floorOf(market)
  if (cap.wei < floor) throw new FeeCapError(floor, cap)
  assertTip(market, request)
  const exact = request.exactFee ? request.maxFeePerGas : undefined
  if (exact !== undefined) {
    // If it were lowered to a cap, it would no longer be the exact fee
    // requested.
    if (cap.wei < exact) throw new FeeCapError(exact, cap)
    const { baseFee } = market
    return { baseFee, maxFeePerGas: exact, maxPriorityFeePerGas: exact }
  }
  return within(wanted, cap.wei, request.maxPriorityFeePerGas)
}

type Price = Pick<Fees, 'maxFeePerGas' | 'maxPriorityFeePerGas'>

/**
 * The fees of an attempt that replaces others. Each fee is at least an eighth
 * above the fees that a pool has accepted, which is slightly more than nodes
 * require of a replacement. The caller's tip cap applies, like the other caps.
 *
 * @param refused - Attempts that pools refused for their fee. No pool has them,
 * so the replacement gets a new price that differs from the refused ones.
 * @throws FeeCapError if a cap is below the required fees
 */
export function bump(
  market: Market,
  request: Pricing,
  gas: bigint,
  caps: Caps,
  taken: readonly Price[],
  refused: readonly Price[] = [],
): Fees {
  const fees =
    taken.length === 0 && request.exactFee
      ? quote(market, request, gas, caps)
      : replacing(market, request, gas, caps, taken, refused)
  const isAsBefore = refused.some(
    (one) =>
      one.maxFeePerGas >= fees.maxFeePerGas &&
      one.maxPriorityFeePerGas >= fees.maxPriorityFeePerGas,
  )
  if (!isAsBefore) return fees
  // Signing again with the same fees would be useless.
  const { maxPriorityFeePerGas: tip } = request
  if (tip !== undefined && tip <= fees.maxPriorityFeePerGas)
    throw new FeeCapError(tip + 1n, toTipCap(tip))
  throw new FeeCapError(fees.maxFeePerGas + 1n, lowestCap(request, gas, caps))
}

function replacing(
  market: Market,
  request: Pricing,
  gas: bigint,
  caps: Caps,
  taken: readonly Price[],
  refused: readonly Price[],
): Fees {
  const wanted = above(want(market, request.speed), market, refused)
  const cap = lowestCap(request, gas, caps)
  const least = {
    maxFeePerGas: raise(taken.map((fees) => fees.maxFeePerGas)),
    maxPriorityFeePerGas: raise(taken.map((fees) => fees.maxPriorityFeePerGas)),
  }
  const floor = max(least.maxFeePerGas, floorOf(market))
  if (cap.wei < floor) throw new FeeCapError(floor, cap)
  assertTip(market, request)
  const maxFeePerGas = min(max(wanted.maxFeePerGas, floor), cap.wei)
  if (market.baseFee === undefined)
    return {
      baseFee: undefined,
      maxFeePerGas,
      maxPriorityFeePerGas: maxFeePerGas,
    }
  const tipCap = toTipCap(request.maxPriorityFeePerGas ?? maxFeePerGas)
  if (tipCap.wei < least.maxPriorityFeePerGas)
    throw new FeeCapError(least.maxPriorityFeePerGas, tipCap)
  const tip = max(wanted.maxPriorityFeePerGas, least.maxPriorityFeePerGas)
  return {
    baseFee: market.baseFee,
    maxFeePerGas,
    maxPriorityFeePerGas: min(tip, min(tipCap.wei, maxFeePerGas)),
  }
}

/** No pool accepts less than this. */
function floorOf(market: Market): bigint {
  if (market.baseFee === undefined) return market.gasPrice
  return max(market.baseFee, market.leastTip ?? 0n)
}

/** @throws FeeCapError */
function assertTip(market: Market, request: Pricing): void {
  const { maxPriorityFeePerGas: wei } = request
  const least = market.baseFee === undefined ? 0n : (market.leastTip ?? 0n)
  if (wei !== undefined && wei < least)
    throw new FeeCapError(least, toTipCap(wei))
}

function toTipCap(wei: bigint): Cap {
  return {
    wei,
    name: 'max_priority_fee_per_gas of the request',
    fee: 'The tip (priority fee)',
  }
}

/**
 * The next price after a pool refused this one without naming a price. The step
 * is large, because each signature costs time and a KMS call, and minimum tips
 * range from 1 wei to 50 gwei. Small tips are multiplied, since that costs
 * almost nothing; larger ones rise in smaller steps.
 */
function above(
  wanted: Fees,
  { least = 0n }: Market,
  refused: readonly Price[],
): Fees {
  const price = refused.map((one) => one.maxFeePerGas).reduce(max, 0n)
  const tip = refused.map((one) => one.maxPriorityFeePerGas).reduce(max, 0n)
  const { maxFeePerGas, maxPriorityFeePerGas, baseFee } = wanted
  if (maxPriorityFeePerGas > tip || least > price) return wanted
  // Only the maximum fee was too low.
  if (baseFee !== undefined && price < baseFee) return wanted
  if (baseFee === undefined) {
    const higher = step(price, 2n)
    return { ...wanted, maxFeePerGas: higher, maxPriorityFeePerGas: higher }
  }
  // A sixteenth of the base fee makes almost no difference to the price.
  const higher = max(step(tip, 3n), baseFee / 16n)
  const rest = maxFeePerGas - maxPriorityFeePerGas
  return {
    ...wanted,
    maxFeePerGas: max(rest + higher, price),
    maxPriorityFeePerGas: higher,
  }
}

const gwei = 1_000_000_000n
/** This much adds 0.0000002 ether to the cost of a transfer. */
const smallest = gwei / 100n

function step(wei: bigint, times: bigint): bigint {
  return max(wei * (wei < gwei ? 5n : times), smallest)
}

function want(market: Market, speed: Speed): Fees {
  const { least = 0n } = market
  if (market.baseFee === undefined) {
    const price = max((market.gasPrice * legacyPremium[speed]) / 100n, least)
    return {
      baseFee: undefined,
      maxFeePerGas: price,
      maxPriorityFeePerGas: price,
    }
  }
  const tip = market.tips[speed]
  return {
    baseFee: market.baseFee,
    maxFeePerGas: max((market.baseFee * headroom[speed]) / 100n + tip, least),
    maxPriorityFeePerGas: tip,
  }
}

function within(fees: Fees, cap: bigint, tipCap: bigint | undefined): Fees {
  const maxFeePerGas = min(fees.maxFeePerGas, cap)
  if (fees.baseFee === undefined)
    return { ...fees, maxFeePerGas, maxPriorityFeePerGas: maxFeePerGas }
  const tip = min(fees.maxPriorityFeePerGas, maxFeePerGas)
  return {
    ...fees,
    maxFeePerGas,
    maxPriorityFeePerGas: tipCap === undefined ? tip : min(tip, tipCap),
  }
}

type Cap = {
  wei: bigint
  name: string
  /** What the cap limits. @default The fee */
  fee?: string
}

function lowestCap(
  request: { maxFeePerGas?: bigint },
  gas: bigint,
  caps: Caps,
): Cap {
  const all: Cap[] = [
    { wei: caps.maxFeePerGas, name: 'MAX_FEE_GWEI of the sender' },
    {
      wei: caps.maxTxFee / gas,
      name: `MAX_TX_FEE_ETHER of the sender, ${EtherAmount.fromWei(caps.maxTxFee)} ether for ${gas} gas`,
    },
  ]
  if (request.maxFeePerGas !== undefined)
    all.push({
      wei: request.maxFeePerGas,
      name: 'max_fee_per_gas of the request',
    })
  return all.reduce((a, b) => (b.wei < a.wei ? b : a))
}

/** An eighth more than the largest value, rounded up. */
function raise(values: readonly bigint[]): bigint {
  const largest = values.reduce(max, 0n)
  return largest + largest / 8n + 1n
}

/** Formats wei per gas for people. */
function toGwei(wei: bigint): string {
  const digits = wei.toString().padStart(10, '0')
  const fraction = digits.slice(-9).replace(/0+$/, '')
  return `${digits.slice(0, -9)}${fraction && `.${fraction}`} gwei per gas`
}

/** The chain requires a higher fee than a cap allows. */
export class FeeCapError extends BaseError {
  constructor(needed: bigint, cap: Cap) {
    super(
      'fee-cap',
      `${cap.fee ?? 'The fee'} is at least ${toGwei(needed)}, which is above the cap of ${toGwei(cap.wei)} (${cap.name}).`,
      {
        details:
          'Nothing new was signed. Wait until fees are lower, or raise the cap if you want to pay that much.',
      },
    )
    this.name = 'FeeCapError'
  }
}
