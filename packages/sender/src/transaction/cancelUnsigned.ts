import type { Outline, TransactionRecord } from '../ledger/TransactionRecord.js'
import type { Context } from './Context.js'
import { endUnsigned } from './endUnsigned.js'

/**
 * Ends an unsigned transaction whose cancel was requested.
 *
 * @returns undefined if something is signed
 */
export function cancelUnsigned(
  context: Context,
  transaction: Outline,
  deadline: number,
): Promise<TransactionRecord | undefined> {
  return endUnsigned(context, transaction, {
    status: 'dropped',
    reason: {
      code: 'cancelled',
      text: 'The transaction was canceled before it was signed.',
    },
    deadline,
  })
}
