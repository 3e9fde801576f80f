import type { SigningKey, SigningRequest } from '@keyward/core'
import type { Decision } from '../evaluate/Decision.js'
import type { Subject } from '../evaluate/Question.js'
import type { Context } from './Context.js'
import { idOf } from './idOf.js'
import { toCharges } from './toCharges.js'

/**
 * Makes the windows count the allowed amounts before anything is signed: one
 * write per item and one for the whole request, in two round trips.
 *
 * @throws WindowExceededError, GuardHaltedError, and the table's errors
 */
export async function count(
  { policy, windows }: Context,
  request: SigningRequest,
  { caller, account }: Subject,
  decision: Decision,
  context: SigningKey.AuthorizeContext,
): Promise<void> {
  const { reservations, rule } = decision
  if (windows === undefined || reservations.length === 0) return
  // Only in shadow mode, where nothing is refused, can the account be unknown.
  if (account === undefined) return
  const { deadline, purpose, transactionId: transaction } = context
  const id = idOf(request, { ...context, account })
  const charges = toCharges(policy, reservations)
  // The replaced transaction already counts under this id.
  const isFirst = purpose === 'request'
  const reserve = isFirst ? windows.reserve : windows.raise
  const reservation = await reserve({ id, charges }, { deadline })
  const details = JSON.stringify({ rule, caller, purpose, transaction })
  const { settle } = await windows.commit(reservation, { deadline, details })
  // Runs while the key service signs; `recover` tidies up the rest.
  settle().catch(() => {})
}
