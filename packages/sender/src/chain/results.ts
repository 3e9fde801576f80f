import type { Hex } from '@keyward/core'
import { RpcValue } from '@keyward/core/rpc'

export type Block = {
  number: bigint
  hash: Hex
  /** Milliseconds since 1970. */
  minedAt: number
  /** Undefined on chains without EIP-1559. */
  baseFeePerGas: bigint | undefined
  /**
   * The limit for all transactions together; undefined if the node doesn't
   * report it.
   */
  gasLimit: bigint | undefined
}

export type Receipt = {
  blockNumber: bigint
  blockHash: Hex
  /** Undefined on chains that don't report it, such as before Byzantium. */
  receiptStatus: 'succeeded' | 'reverted' | undefined
}

export function readBlock(result: unknown, method: string): Block {
  const value = RpcValue.objectOrNone(result, method)
  if (value === undefined)
    throw RpcValue.damaged(method, 'it contains no block')
  const { baseFeePerGas, gasLimit } = value
  return {
    number: RpcValue.quantity(value.number, method),
    hash: RpcValue.hash(value.hash, method),
    minedAt: Number(RpcValue.quantity(value.timestamp, method)) * 1000,
    baseFeePerGas:
      baseFeePerGas == null
        ? undefined
        : RpcValue.quantity(baseFeePerGas, method),
    gasLimit:
      gasLimit == null ? undefined : RpcValue.quantity(gasLimit, method),
  }
}

export function readReceipt(
  result: unknown,
  method: string,
  hash: Hex,
): Receipt | undefined {
  const value = RpcValue.objectOrNone(result, method)
  // Some nodes return receipts for blocks that they are still building.
  if (value === undefined || value.blockNumber == null) return undefined
  if (RpcValue.hash(value.transactionHash, method) !== hash)
    throw RpcValue.damaged(method, 'the receipt is for another transaction')
  return {
    blockNumber: RpcValue.quantity(value.blockNumber, method),
    blockHash: RpcValue.hash(value.blockHash, method),
    receiptStatus: readStatus(value.status, method),
  }
}

function readStatus(status: unknown, method: string): Receipt['receiptStatus'] {
  if (status == null) return undefined
  return RpcValue.quantity(status, method) === 0n ? 'reverted' : 'succeeded'
}

export function readGas(result: unknown, method: string): bigint {
  const gas = RpcValue.quantity(result, method)
  // No transaction runs with less gas.
  if (gas < 21_000n) throw RpcValue.damaged(method, 'the gas is below 21000')
  return gas
}

export type FeeHistory = { baseFee: bigint; rewards: bigint[][] }

export function readFeeHistory(result: unknown, method: string): FeeHistory {
  const quantity = (value: unknown) => RpcValue.quantity(value, method)
  const value = RpcValue.objectOrNone(result, method)
  const bases = RpcValue.list(value?.baseFeePerGas, method)
  const rewards = value?.reward == null ? [] : value.reward
  return {
    baseFee: quantity(bases.at(-1)),
    rewards: RpcValue.list(rewards, method).map((row) =>
      RpcValue.list(row, method).map(quantity),
    ),
  }
}
