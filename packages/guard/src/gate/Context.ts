import type { Hex, SigningKey, SigningRequest } from '@keyward/core'
import type { Decision } from '../evaluate/Decision.js'
import { evaluate } from '../evaluate/evaluate.js'
import type { Spent, Subject } from '../evaluate/Question.js'
import type { Policy } from '../policy/Policy.js'
import { GuardConfigurationError } from '../windows/errors.js'
import type { SigningWindows } from '../windows/Windows.js'
import { explainDenial } from './explainDenial.js'
import type { Verdict } from './Guard.js'

/** The dependencies that deciding and counting share. */
export type Context = {
  readonly policy: Policy
  readonly windows: SigningWindows | undefined
  readonly getAccount:
    | ((options: { deadline?: number | undefined }) => Promise<Hex>)
    | undefined
  readonly now: () => number
}

/**
 * Windows count by account, and calls to the account itself are dangerous. So
 * if a key was opened without its address, the address must be determined
 * first.
 *
 * @throws GuardConfigurationError if it can't be determined
 */
export async function toSubject(
  { policy, getAccount }: Context,
  { caller, address, deadline }: SigningKey.AuthorizeContext,
): Promise<Subject> {
  const account = address ?? (await getAccount?.({ deadline }))
  // In shadow mode, nothing is refused.
  if (account === undefined && policy.mode !== 'shadow')
    throw new GuardConfigurationError(
      'the account that would sign is unknown. Use SigningKey.connect, or ' +
        'open the key with expectedAddress',
    )
  return { caller, account }
}

export function decide(
  { policy, now }: Context,
  request: SigningRequest,
  subject: Subject,
  spent?: readonly Spent[],
): Decision {
  return evaluate(policy, request, subject, { time: now(), spent })
}

/** In shadow mode, a denied request is signed. */
export function toVerdict(
  decision: Decision,
  beyond: readonly string[] = [],
): Verdict {
  const isDenied = decision.decision === 'deny' && decision.mode === 'enforce'
  const denial = isDenied ? explainDenial(decision) : undefined
  return { decision, denial, beyond }
}
