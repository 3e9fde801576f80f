import type { AuthorizationRequest } from './AuthorizationRequest.js'
import type { Policy } from './Policy.js'
import * as RequestContext from './RequestContext.js'
import * as Statement from './Statement.js'

export type Decision =
  | { isAllowed: true }
  /** `by`: which side denied, or was missing an Allow. */
  | { isAllowed: false; isExplicit: boolean; by: 'identity' | 'resource' }

/** What one side's policies say. */
type Verdict = 'deny' | 'direct' | 'account' | 'none'

/**
 * Weighs identity and resource policies as AWS does.
 *
 * A key's policy comes first, and whom a role trusts: it must allow the caller,
 * or else the caller's account, which hands the choice to identity policies.
 * For a function either side is enough. Across accounts both must allow.
 */
export function decide(
  request: AuthorizationRequest,
  policies: {
    identity: readonly Policy[]
    /** Undefined where the resource has none. */
    resource: Policy | undefined
  },
  now: number,
): Decision {
  const { principal, action, resource } = request
  const context = RequestContext.create(request, now)
  const verdictOf = (list: readonly Policy[]): Verdict =>
    weigh(
      list.flatMap(({ statements }) => statements),
      request,
      context,
    )
  const isService = principal.service !== undefined
  const identity = isService ? 'none' : verdictOf(policies.identity)
  const onResource = policies.resource ? verdictOf([policies.resource]) : 'none'
  if (identity === 'deny') return denied(true, 'identity')
  if (onResource === 'deny') return denied(true, 'resource')

  // An account's root needs no identity policy, and can have none.
  const mayByIdentity =
    identity === 'direct' || (!isService && principal.arn.endsWith(':root'))
  const owner = resource.split(':')[4] || principal.account
  const isForeign = owner !== principal.account && !isService
  const isGate = isOwnGate(action) && policies.resource !== undefined
  if (isForeign) {
    if (onResource === 'none') return denied(false, 'resource')
    return mayByIdentity ? { isAllowed: true } : denied(false, 'identity')
  }
  if (onResource === 'direct') return { isAllowed: true }
  if (isGate && onResource === 'none') return denied(false, 'resource')
  if (mayByIdentity) return { isAllowed: true }
  return denied(false, isService ? 'resource' : 'identity')
}

/** Nothing goes past a key's policy, or past whom a role trusts. */
function isOwnGate(action: string): boolean {
  return action.startsWith('kms:') || action === 'sts:AssumeRole'
}

function weigh(
  statements: readonly Statement.Statement[],
  request: AuthorizationRequest,
  context: RequestContext.RequestContext,
): Verdict {
  let best: Verdict = 'none'
  for (const statement of statements) {
    const named = Statement.names(statement, request.principal)
    if (named === 'none') continue
    const applies = Statement.applies(statement, request, context)
    if (applies === 'no') continue
    // What can't be told must not open anything.
    if (statement.effect === 'Deny') return 'deny'
    if (applies === 'yes' && best !== 'direct') best = named
  }
  return best
}

function denied(isExplicit: boolean, by: 'identity' | 'resource'): Decision {
  return { isAllowed: false, isExplicit, by }
}
