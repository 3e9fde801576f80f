import { SigningKey } from '@keyward/core'
import type { Decision } from '../evaluate/Decision.js'
import { createGuard, type GuardOptions } from './createGuard.js'

export type AuthorizeOptions = GuardOptions & {
  /** Called with each decision, before anything is signed or refused. */
  readonly onDecision?:
    | ((decision: Decision, context: SigningKey.AuthorizeContext) => void)
    | undefined
}

/**
 * Turns a policy into the function that the gate calls. It refuses what the
 * policy doesn't allow. In `shadow` mode, a denial is reported to `onDecision`,
 * and the request is signed anyway.
 *
 * @throws WindowsNotCountedError if the policy has windows and `windows` is
 * missing
 * @example
 * const policy = parsePolicy(await readFile('policy.json', 'utf8'))
 * const windows = createWindows({ tableName: 'payments-guard' })
 * const authorize = createAuthorize({ policy, windows })
 * const key = await SigningKey.connect({ service, keyId, authorize })
 */
export function createAuthorize(
  options: AuthorizeOptions,
): SigningKey.Authorize {
  const { onDecision } = options
  const guard = createGuard(options)
  return async (request, context) => {
    const { decision, denial } = await guard.authorize(request, context)
    onDecision?.(decision, context)
    if (denial !== undefined) throw new SigningKey.NotAuthorizedError(denial)
  }
}
