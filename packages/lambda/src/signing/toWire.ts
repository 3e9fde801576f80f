import { AddressField, type Hex, type Transaction } from '@keyward/core'

const typeNumbers = {
  legacy: 0,
  eip2930: 1,
  eip1559: 2,
  eip4844: 3,
  eip7702: 4,
} as const

/**
 * The effective fields of a signed transaction, as both functions return them.
 * Quantities are decimal strings, because wei don't fit into a JSON number.
 */
export function toWire(
  transaction: Transaction.Unsigned,
  from: Hex,
): Record<string, unknown> {
  return {
    type: typeNumbers[transaction.type],
    chain_id: transaction.chainId,
    nonce: String(transaction.nonce),
    from,
    to:
      transaction.to === undefined
        ? null
        : AddressField.toChecksum(transaction.to),
    value_wei: String(transaction.value),
    gas: String(transaction.gas),
    ...('gasPrice' in transaction
      ? { gas_price: String(transaction.gasPrice) }
      : {
          max_fee_per_gas: String(transaction.maxFeePerGas),
          max_priority_fee_per_gas: String(transaction.maxPriorityFeePerGas),
        }),
    data: transaction.data,
    ...('accessList' in transaction
      ? { access_list: transaction.accessList }
      : {}),
  }
}
