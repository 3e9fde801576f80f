import { createRpc, RpcRefusedError } from '@keyward/sender'
import * as Account from '../node/Account.js'
import { quantity } from '../node/quantity.js'
import { readDataFee } from '../sweep/readDataFee.js'

/** What a request would cost right now, according to a node. */
export type Quote = {
  /** The account's next nonce; other requests may take it first. */
  nonce: bigint
  gas: bigint
  /** The maximum price per unit of gas, in wei. */
  maxFeePerGas: bigint
  /** The maximum fee in wei: gas times that price, plus a rollup's data fee. */
  maxFee: bigint
  /** The fee at the current price, in wei. */
  expectedFee: bigint
  /** The account's balance in wei. */
  balance: bigint
}

type Request = {
  to?: string | undefined
  value: bigint
  data: string
  gas?: bigint | undefined
  maxFeePerGas?: bigint | undefined
}

const hex = (value: bigint) => `0x${value.toString(16)}`

/**
 * Asks a node for nonce, gas and fees. The sender decides again when it sends.
 * This is what it would decide now.
 *
 * @returns The quote, with the reason why the request would fail if the node
 * says so.
 * @throws the errors of `Rpc.request`
 */
export async function quote(
  urls: readonly string[],
  chainId: number,
  from: string,
  request: Request,
): Promise<Quote | { wouldFail: string }> {
  const rpc = createRpc({ urls, chainId })
  const { to, value, data } = request
  const call = { from, ...(to && { to }), value: hex(value), data }
  try {
    const [account, block, price, estimate] = await Promise.all([
      Account.read(rpc, from),
      rpc.request('eth_getBlockByNumber', ['latest', false]),
      rpc.request('eth_gasPrice', []),
      request.gas ?? rpc.request('eth_estimateGas', [call]),
    ])
    const needed =
      typeof estimate === 'bigint'
        ? estimate
        : quantity(estimate, 'eth_estimateGas')
    const gas =
      request.gas ?? (needed === 21_000n ? needed : needed + needed / 5n)
    const current = quantity(price, 'eth_gasPrice')
    const { baseFeePerGas: base } = Object(block) as { baseFeePerGas?: unknown }
    // Allow for the base fee to double.
    const room =
      base == null ? current / 4n : quantity(base, 'eth_getBlockByNumber')
    const maxFeePerGas = request.maxFeePerGas ?? current + room
    const beside = await readDataFee(rpc, gas)
    const paid = current < maxFeePerGas ? current : maxFeePerGas
    return {
      ...{ nonce: account.nonce + account.waiting, gas, maxFeePerGas },
      maxFee: gas * maxFeePerGas + beside,
      expectedFee: needed * paid + beside,
      balance: account.wei,
    }
  } catch (error) {
    if (error instanceof RpcRefusedError) return { wouldFail: error.reason }
    throw error
  }
}

/**
 * Converts the quote to the `--json` output. @param value - The value sent with
 * it.
 */
export function quoteData(
  found: Quote | { wouldFail: string },
  value: bigint,
): object {
  if ('wouldFail' in found) return found
  const { gas, maxFeePerGas, maxFee, expectedFee, nonce, balance } = found
  return {
    nonce: String(nonce),
    gas: String(gas),
    max_fee_per_gas: String(maxFeePerGas),
    max_fee_wei: String(maxFee),
    expected_fee_wei: String(expectedFee),
    max_total_wei: String(value + maxFee),
    balance_wei: String(balance),
  }
}
