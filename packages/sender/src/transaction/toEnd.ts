import type { Attempt } from '../ledger/Attempt.js'
import type { Outline, Reason, Status } from '../ledger/TransactionRecord.js'

/** How a request ends if this attempt is mined. */
export function toEnd(
  { cancelRequested, request, problem, reason }: Outline,
  attempt: Attempt,
): { status: Status; reason?: Reason } {
  if (attempt.purpose === 'request') return { status: 'mined' }
  if (cancelRequested)
    return {
      status: 'replaced',
      reason: {
        code: 'cancelled',
        text: 'The transaction was canceled: a zero-value transfer to the account itself was mined in its place.',
      },
    }
  if (attempt.purpose === 'filler')
    return {
      status: 'dropped',
      reason: {
        code: 'ledger-damaged',
        text: "The transaction's signed bytes were no longer in the ledger: a zero-value transfer to the account itself was mined with its nonce.",
      },
    }
  const { validUntil = Infinity } = request
  if (attempt.signedAt < validUntil)
    return {
      status: 'refused',
      reason:
        reason?.code === refusedCode
          ? reason
          : { code: refusedCode, text: toRefusal(problem) },
    }
  return {
    status: 'expired',
    reason: {
      code: 'expired',
      text: 'valid_until passed before the transaction was mined: a zero-value transfer to the account itself was mined in its place.',
    },
  }
}

const refusedCode = 'rpc-refused'

/**
 * The problem is cleared once the transaction is in a block, so the reason
 * preserves it.
 */
function toRefusal(problem: string | undefined): string {
  const text =
    'No node accepted the signed transaction: a zero-value transfer to the account itself was mined in its place.'
  return problem === undefined ? text : `${text} ${problem}`.slice(0, 300)
}
