import { SigningKey } from '@keyward/core'
import type { Decision } from '../evaluate/Decision.js'
import { createGuard, type GuardOptions } from './createGuard.js'

export type AuthorizeOptions = GuardOptions & {
  /** Hears of each decision, before anything is signed or refused. */
  readonly onDecision?:
    | ((decision: Decision, context: SigningKey.AuthorizeContext) => void)
    | undefined
}

/**
 * A policy as the gate asks it: what it does not allow is not signed. In the
 * mode `shadow` it is told to `onDecision` and signed all the same.
 *
 * @throws WindowsNotCountedError for a policy with windows, without `windows`
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
