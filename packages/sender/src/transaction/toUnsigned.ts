import type { Transaction } from '@keyward/core'
import type { Fees } from '../fees/Fees.js'
import type { Account } from '../ledger/TransactionRecord.js'
import type { SendRequest } from '../request/SendRequest.js'

/**
 * A request in the form in which it is signed, with the type that matches the
 * chain's fees.
 */
export function toUnsigned(
  { chainId }: Account,
  body: Pick<SendRequest, 'to' | 'value' | 'data' | 'accessList'>,
  { nonce, gas, fees }: { nonce: bigint; gas: bigint; fees: Fees },
): Transaction.Unsigned {
  const { to, value, data, accessList } = body
  const base = {
    ...{ chainId, nonce, gas, value, data },
    ...(to === undefined ? {} : { to }),
  }
  const { maxFeePerGas, maxPriorityFeePerGas } = fees
  if (fees.baseFee !== undefined)
    return {
      ...{ ...base, type: 'eip1559' },
      ...{ maxFeePerGas, maxPriorityFeePerGas, accessList },
    }
  return accessList.length > 0
    ? { ...base, type: 'eip2930', gasPrice: maxFeePerGas, accessList }
    : { ...base, type: 'legacy', gasPrice: maxFeePerGas }
}
