import { Transaction } from '../../../packages/core/src/index.js'

export type Hex = `0x${string}`

/** Signed bytes and what they say. */
export type SimTransaction = {
  raw: Hex
  hash: Hex
  from: Hex
  nonce: number
  /** Undefined for a creation. */
  to: Hex | undefined
  value: bigint
  data: Hex
  gas: bigint
  /** Wei per gas; both the gas price where the type has only that. */
  maxFee: bigint
  tip: bigint
  chainId: number
  /** Fields as JSON-RPC writes them, but for the block. */
  json: Record<string, unknown>
}

const known = new Map<Hex, SimTransaction>()
const maxKnown = 10_000

/** @throws InvalidTransactionError */
export async function decode(raw: Hex): Promise<SimTransaction> {
  const before = known.get(raw)
  if (before !== undefined) return before
  const { transaction, signature, hash, from } = await Transaction.decode(raw)
  const isDynamic = 'maxFeePerGas' in transaction
  const maxFee = isDynamic ? transaction.maxFeePerGas : transaction.gasPrice
  const tip = isDynamic ? transaction.maxPriorityFeePerGas : maxFee
  const sender = from.toLowerCase() as Hex
  const { yParity } = signature
  const decoded: SimTransaction = {
    raw,
    hash,
    from: sender,
    nonce: Number(transaction.nonce),
    to: transaction.to?.toLowerCase() as Hex | undefined,
    value: transaction.value,
    data: transaction.data,
    gas: transaction.gas,
    maxFee,
    tip,
    chainId: transaction.chainId,
    json: {
      type: types[transaction.type],
      hash,
      from: sender,
      nonce: quantity(transaction.nonce),
      to: transaction.to?.toLowerCase() ?? null,
      value: quantity(transaction.value),
      input: transaction.data,
      gas: quantity(transaction.gas),
      gasPrice: quantity(maxFee),
      ...(isDynamic
        ? {
            maxFeePerGas: quantity(maxFee),
            maxPriorityFeePerGas: quantity(tip),
          }
        : {}),
      ...('accessList' in transaction
        ? { accessList: transaction.accessList, yParity: quantity(yParity) }
        : {}),
      chainId: quantity(transaction.chainId),
      r: quantity(signature.r),
      s: quantity(signature.s),
      v: quantity(
        transaction.type === 'legacy'
          ? transaction.chainId * 2 + 35 + yParity
          : yParity,
      ),
    },
  }
  if (known.size > maxKnown) known.clear()
  known.set(raw, decoded)
  return decoded
}

const types: Record<string, Hex> = {
  legacy: '0x0',
  eip2930: '0x1',
  eip1559: '0x2',
  eip4844: '0x3',
  eip7702: '0x4',
}

export function quantity(value: bigint | number): Hex {
  return `0x${value.toString(16)}`
}
