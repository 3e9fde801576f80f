import * as NetworkData from '../networks/NetworkData.js'
import { InvalidTransactionError } from './InvalidTransactionError.js'
import type { Unsigned } from './Unsigned.js'

/** EIP-3860. */
const maxInitCodeBytes = 49_152

/**
 * Refuses a transaction that the network's nodes are known to reject, because
 * every later nonce would have to wait for it.
 *
 * @throws InvalidTransactionError
 */
export function assertNetworkLimits(transaction: Unsigned): void {
  const { chainId, gas, to, data } = transaction
  const { maxGas, rules } = NetworkData.get(chainId)
  if (maxGas !== undefined && gas > maxGas)
    throw new InvalidTransactionError(
      `gas is above ${maxGas}, the maximum for a transaction on chain ${chainId}`,
    )
  if (rules === undefined) return
  const bytes = (data.length - 2) / 2
  if (to === undefined && bytes > maxInitCodeBytes)
    throw new InvalidTransactionError(
      `its init code has ${bytes} bytes, but the maximum on chain ${chainId} is ${maxInitCodeBytes} (EIP-3860)`,
    )
  const floor = toFloorGas(data)
  if (gas < floor)
    throw new InvalidTransactionError(
      `gas is below ${floor}, the minimum for this much data on chain ${chainId} (EIP-7623)`,
    )
}

/** 21000, plus 10 per zero byte of data and 40 per non-zero byte. */
function toFloorGas(data: string): bigint {
  let tokens = 0
  for (let at = 2; at < data.length; at += 2)
    tokens += data[at] === '0' && data[at + 1] === '0' ? 1 : 4
  return 21_000n + 10n * BigInt(tokens)
}
