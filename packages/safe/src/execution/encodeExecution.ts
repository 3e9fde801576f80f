import type { Hex } from '@keyward/core'
import { encodeCall, SafeFunctions as Safe } from '@keyward/guard/calls'
import type { SafeTransaction } from '../SafeTransaction.js'

/**
 * Calldata with which anyone can make the Safe execute a transaction that its
 * owners signed.
 */
export function encodeExecution(
  transaction: SafeTransaction,
  bundle: Hex,
): Hex {
  const { to, value, data, operation, safeTxGas, baseGas } = transaction
  const { gasPrice, gasToken, refundReceiver } = transaction
  return encodeCall(Safe.execTransaction, [
    to,
    value,
    data,
    BigInt(operation),
    safeTxGas,
    baseGas,
    gasPrice,
    gasToken,
    refundReceiver,
    bundle,
  ])
}
