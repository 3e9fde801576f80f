import { type Rpc, RpcRefusedError } from '@keyward/sender'
import { quantity } from '../node/quantity.js'
import { readDataFee } from './readDataFee.js'
import { SweepError } from './SweepError.js'

/** A transfer of the chain's own currency that empties the account. */
export type NativeMove = Price & {
  /** The balance that is available for the transfer, in wei. */
  balance: bigint
  /** The wei that arrive; 0 if the fee uses up everything. */
  value: bigint
  /** Gas times price, in wei. */
  fee: bigint
}

export type Price = {
  gas: bigint
  /** In wei. */
  feePerGas: bigint
  /** The wei held back for a fee that becomes known only afterwards. */
  reserve: bigint
  /** Whether the transfer costs exactly `fee`, so nothing remains. */
  isExact: boolean
}

/** A plain transfer, the cheapest transaction there is. */
const gasOfTransfer = 21_000n

/**
 * Asks what a transfer of everything costs. The fee allows for the base fee to
 * double, because nothing would be left for a bump.
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
    // This fee follows another chain's base fee, which may also double.
    reserve: dataFee * 2n,
    isExact: gas === gasOfTransfer && dataFee === 0n,
  }
}

/** @param balance - The wei left once everything else has been moved. */
export function create(price: Price, balance: bigint): NativeMove {
  const fee = price.gas * price.feePerGas
  const value = balance - fee - price.reserve
  return { ...price, balance, fee, value: value > 0n ? value : 0n }
}

/** The transfer's fields for the sender. */
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
    // If the balance is zero, there is nothing to move and nothing to ask.
    const balance = await rpc.request('eth_getBalance', [from, 'latest'])
    if (quantity(balance, 'eth_getBalance') === 0n) return gasOfTransfer
    throw new SweepError(
      `${to} does not accept a transfer: ${error.reason}.`,
      'Pass another address with --to.',
    )
  }
}
