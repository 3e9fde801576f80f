import { BaseError, SigningKey } from '@keyward/core'
import type { Decision } from './evaluate/Decision.js'
import { evaluate } from './evaluate/evaluate.js'
import type { Policy } from './policy/Policy.js'

export type AuthorizeOptions = {
  readonly policy: Policy
  /** In ms since 1970. @default the process's clock */
  readonly now?: (() => number) | undefined
  /** Hears of each decision, before anything is signed or refused. */
  readonly onDecision?:
    | ((decision: Decision, context: SigningKey.AuthorizeContext) => void)
    | undefined
}

/**
 * A policy as the gate asks it: what it does not allow is not signed. In the
 * mode `shadow` it is told to `onDecision` and signed all the same.
 *
 * @throws WindowsNotCountedError for a policy with windows
 * @example
 * const policy = parsePolicy(await readFile('policy.json', 'utf8'))
 * const authorize = createAuthorize({ policy })
 * const key = await SigningKey.connect({ service, keyId, authorize })
 */
export function createAuthorize({
  policy,
  now = Date.now,
  onDecision,
}: AuthorizeOptions): SigningKey.Authorize {
  assertCounted(policy)
  return (request, context) => {
    const { caller, address: account } = context
    const subject = { caller, account }
    const decision = evaluate(policy, request, subject, { time: now() })
    onDecision?.(decision, context)
    // A cancel or filler is told and not asked: nothing may jam.
    if (decision.decision === 'deny' && decision.mode === 'enforce')
      throw new SigningKey.NotAuthorizedError(explainDenial(decision))
  }
}

/**
 * In `shadow` windows are told as if nothing had been spent: nothing is refused.
 *
 * @throws WindowsNotCountedError for a policy that needs a table to count in
 */
export function assertCounted({ rules, mode }: Policy): void {
  if (mode === 'shadow') return
  const ids = rules.flatMap(({ windows }) => windows).map(({ id }) => id)
  if (ids.length > 0) throw new WindowsNotCountedError([...new Set(ids)])
}

/** What the request does, and each condition that it does not fulfil. */
export function explainDenial({ actions, rule, reasons }: Decision): string {
  const does = actions.filter((one) => one.rule === undefined)
  const about = (does.length > 0 ? does : actions).slice(0, 5)
  return [
    rule === undefined
      ? 'No rule allows it. It would:'
      : `The rule ${rule} does not allow it. It would:`,
    ...about.map(({ path, text }) => `- ${path && `(${path}) `}${text}`),
    'Why:',
    ...reasons
      .slice(0, 10)
      .map(
        ({ path, came, allowed }) =>
          `- ${path}: got ${came}; allowed: ${allowed}`,
      ),
    'Nothing was signed. Change the request, or have the policy changed.',
  ].join('\n')
}

/** A limit that nobody counts against is none: nothing was signed. */
export class WindowsNotCountedError extends BaseError {
  constructor(windows: readonly string[]) {
    super(
      'windows-not-counted',
      `The policy counts what is spent (${windows.join(', ')}), and nothing here does.`,
      {
        details:
          'Functions and library do not count windows yet: leave windows out of the rules and limit each request with maxPerRequest, or keep the mode shadow, in which nothing is refused.',
      },
    )
    this.name = 'WindowsNotCountedError'
  }
}
