import type { SigningKey, SigningRequest } from '@keyward/core'
import type { Decision } from '../evaluate/Decision.js'
import type { Subject } from '../evaluate/Question.js'
import type { Context } from './Context.js'
import { idOf } from './idOf.js'
import { toCharges } from './toCharges.js'

/**
 * Has the windows count what was allowed, before anything is signed: one write
 * for each item and one for the whole, in two round trips.
 *
 * @throws WindowExceededError, GuardHaltedError, and what the table throws
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
  // In shadow alone, where nothing is refused, nobody may know whose it is.
  if (account === undefined) return
  const { digest, deadline, purpose, transactionId: transaction } = context
  const id = idOf(request, { account, digest })
  const charges = toCharges(policy, reservations)
  // What is replaced counts already under the id.
  const isFirst = purpose === 'request'
  const reserve = isFirst ? windows.reserve : windows.raise
  const reservation = await reserve({ id, charges }, { deadline })
  const details = JSON.stringify({ rule, caller, purpose, transaction })
  const { settle } = await windows.commit(reservation, { deadline, details })
  // Beside the key service; what is left of it, `recover` tidies up.
  settle().catch(() => {})
}
