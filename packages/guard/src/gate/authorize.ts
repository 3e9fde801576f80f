import type { SigningKey, SigningRequest } from '@keyward/core'
import type { Decision } from '../evaluate/Decision.js'
import { WindowExceededError } from '../windows/WindowExceededError.js'
import { type Context, decide, toSubject, toVerdict } from './Context.js'
import { chargesOfFee } from './chargesOfFee.js'
import { count } from './count.js'
import { countWhatFits } from './countWhatFits.js'
import { denyExceeded } from './denyExceeded.js'
import type { Verdict } from './Guard.js'
import { waitInShadow } from './waitInShadow.js'

/** Implements `Guard.authorize`. */
export async function authorize(
  context: Context,
  request: SigningRequest,
  asked: SigningKey.AuthorizeContext,
): Promise<Verdict> {
  const { purpose } = asked
  if (purpose === 'cancel' || purpose === 'filler')
    return passNothing(context, request, asked)
  const subject = await toSubject(context, asked)
  const decision = decide(context, request, subject)
  const isFull = (error: unknown) => error instanceof WindowExceededError
  try {
    const counting = count(context, request, subject, decision, asked)
    await (decision.mode === 'shadow'
      ? waitInShadow(counting, isFull)
      : counting)
  } catch (error) {
    if (!(error instanceof WindowExceededError)) throw error
    return toVerdict(denyExceeded(context.policy, decision, error))
  }
  return toVerdict(decision)
}

/**
 * A cancel or filler must never be blocked, so no window stops a transaction
 * that sends nothing.
 */
async function passNothing(
  context: Context,
  request: SigningRequest,
  asked: SigningKey.AuthorizeContext,
): Promise<Verdict> {
  const { policy } = context
  const subject = await toSubject(context, asked)
  const charges = chargesOfFee(policy, request, subject)
  const decision: Decision = {
    ...{ decision: 'allow', mode: policy.mode, rule: undefined },
    ...{ actions: [], reasons: [], shadow: [] },
    reservations: charges.map((charge) => ({ ...charge, before: 0n })),
  }
  const beyond = await countWhatFits(context, request, subject, decision, asked)
  const reservations = decision.reservations.filter(
    ({ window }) => !beyond.includes(window.id),
  )
  return toVerdict({ ...decision, reservations }, beyond)
}
