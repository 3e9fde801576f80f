import type { SigningRequest, Transaction } from '@keyward/core'
import type { Attempt } from '../ledger/Attempt.js'
import type { Account } from '../ledger/TransactionRecord.js'

/**
 * The signed transaction, in the form that a policy is asked about, without its
 * access list.
 */
export function toSigned(
  { raw, to, nonce, gas, value, data, ...fees }: Attempt,
  { chainId }: Account,
): SigningRequest {
  const { maxFeePerGas, maxPriorityFeePerGas } = fees
  const base = {
    ...{ chainId, nonce, gas, value, data },
    ...(to === undefined ? {} : { to }),
  }
  const accessList = [] as const
  const transaction: Transaction.Unsigned = raw.startsWith('0x02')
    ? {
        ...{ ...base, type: 'eip1559', accessList },
        ...{ maxFeePerGas, maxPriorityFeePerGas },
      }
    : raw.startsWith('0x01')
      ? { ...base, type: 'eip2930', gasPrice: maxFeePerGas, accessList }
      : { ...base, type: 'legacy', gasPrice: maxFeePerGas }
  return { kind: 'transaction', transaction }
}
