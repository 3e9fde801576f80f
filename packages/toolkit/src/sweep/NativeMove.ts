import { type Rpc, RpcRefusedError } from '@keyward/sender'
import { quantity } from '../node/quantity.js'
import { readDataFee } from './readDataFee.js'
import { SweepError } from './SweepError.js'

/** A transfer of the chain's own currency that empties the account. */
export type NativeMove = Price & {
  /** The balance available for it, in wei. */
  balance: bigint
  /** Wei that arrive; 0 if the fee uses everything up. */
  value: bigint
  /** Wei: gas times fee. */
  fee: bigint
}

export type Price = {
  gas: bigint
  /** Wei. */
  feePerGas: bigint
  /** Wei kept back for a fee that is only known afterwards. */
  reserve: bigint
  /** Whether the transfer costs exactly `fee`, so nothing remains. */
  isExact: boolean
}

/** A plain transfer, the cheapest transaction there is. */
const gasOfTransfer = 21_000n

/**
 * Asks what a transfer of everything costs. The fee allows for a base fee that
 * doubles, because nothing is left to bump it with.
 *
 * @param maxFee - The caller's cap, in wei per gas.
 * @throws SweepError if the destination rejects the transfer
 */
export async function readPrice(
  rpc: Rpc,
  {
    from,
    to,
    maxFee,
  }: { from: string; to: string; maxFee?: bigint | undefined },
): Promise<Price> {
  const [gas, feePerGas] = await Promise.all([
    estimate(rpc, from, to),
    readFee(rpc, maxFee),
  ])
  const dataFee = await readDataFee(rpc, gas)
  return {
    gas,
    feePerGas,
    // It follows another chain's base fee, which may also double.
    reserve: dataFee * 2n,
    isExact: gas === gasOfTransfer && dataFee === 0n,
  }
}

/** @param balance - Wei left once everything else has been moved. */
export function create(price: Price, balance: bigint): NativeMove {
  const fee = price.gas * price.feePerGas
  const value = balance - fee - price.reserve
  return { ...price, balance, fee, value: value > 0n ? value : 0n }
}

/** Its fields for the sender. */
export function toFields(
  { value, gas, feePerGas, isExact }: NativeMove,
  to: string,
): Record<string, unknown> {
  return {
    dst_address: to,
    value_wei: String(value),
    gas: String(gas),
    max_fee_per_gas: String(feePerGas),
    ...(isExact && { exact_fee: true }),
  }
}

async function readFee(rpc: Rpc, maxFee: bigint | undefined): Promise<bigint> {
  const [price, block] = await Promise.all([
    rpc.request('eth_gasPrice', []),
    rpc.request('eth_getBlockByNumber', ['latest', false]),
  ])
  const { baseFeePerGas } = Object(block) as { baseFeePerGas?: unknown }
  const current = quantity(price, 'eth_gasPrice')
  const wanted =
    baseFeePerGas == null
      ? current + current / 4n
      : current + quantity(baseFeePerGas, 'eth_getBlockByNumber')
  return maxFee !== undefined && maxFee < wanted ? maxFee : wanted
}

async function estimate(rpc: Rpc, from: string, to: string): Promise<bigint> {
  const method = 'eth_estimateGas'
  try {
    const call = { from, to, value: '0x1' }
    const gas = quantity(await rpc.request(method, [call]), method)
    return gas === gasOfTransfer ? gas : gas + gas / 5n
  } catch (error) {
    if (!(error instanceof RpcRefusedError)) throw error
    // With a zero balance there is nothing to move or ask.
    const balance = await rpc.request('eth_getBalance', [from, 'latest'])
    if (quantity(balance, 'eth_getBalance') === 0n) return gasOfTransfer
    throw new SweepError(
      `${to} does not accept a transfer: ${error.reason}.`,
      'Name another address with --to.',
    )
  }
}
