import type { SigningKey, SigningRequest } from '@keyward/core'
import type { Decision, Reservation } from '../evaluate/Decision.js'
import type { Subject } from '../evaluate/Question.js'
import { WindowExceededError } from '../windows/WindowExceededError.js'
import type { Context } from './Context.js'
import { count } from './count.js'

/** More windows are not full at once, but others may be at work. */
const maxTries = 10

/**
 * Counts of what is signed in any case as much as windows have room for: they are
 * full then, and nobody asks for the next one by a payment that costs less than
 * its cancel.
 *
 * @returns the windows that it is beyond, by id
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
      // Halted, or without its table.
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
