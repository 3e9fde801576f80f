import type { SigningKey, SigningRequest } from '@keyward/core'
import type { Decision, Reservation } from '../evaluate/Decision.js'
import type { Subject } from '../evaluate/Question.js'
import { WindowExceededError } from '../windows/WindowExceededError.js'
import type { Context } from './Context.js'
import { count } from './count.js'

/**
 * Maximum number of tries: more than one for each full window, because other
 * processes may be counting too.
 */
const maxTries = 10

/**
 * For a transaction that is signed in any case, counts as much as fits. The
 * windows are then full, so nobody can get another cancel by making a payment
 * that costs less than the cancel does.
 *
 * @returns ids of the windows that the transaction exceeds
 */
export async function countWhatFits(
  context: Context,
  request: SigningRequest,
  subject: Subject,
  decision: Decision,
  asked: SigningKey.AuthorizeContext,
): Promise<readonly string[]> {
  const all = decision.reservations.map(({ window }) => window.id)
  const beyond = new Set<string>()
  let { reservations } = decision
  for (let tries = 0; tries < maxTries; tries++)
    try {
      await count(
        context,
        request,
        subject,
        { ...decision, reservations },
        asked,
      )
      return [...beyond]
    } catch (error) {
      // The guard is halted, or the table is unavailable.
      if (!(error instanceof WindowExceededError)) return all
      const { window, came, spent = 0n } = error
      const excess = came + spent - window.limit
      beyond.add(window.id)
      reservations = lessen(reservations, window.id, excess)
    }
  return all
}

function lessen(
  reservations: readonly Reservation[],
  id: string,
  excess: bigint,
): Reservation[] {
  return reservations.flatMap((one) => {
    if (one.window.id !== id) return [one]
    const amount = one.amount - excess
    return amount > 0n ? [{ ...one, amount }] : []
  })
}
