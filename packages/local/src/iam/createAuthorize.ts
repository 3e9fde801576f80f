import type { AuthorizationRequest, Principal } from '@keyward/iam/policy'
import { type Decision, decide, Policy, PolicyError } from '@keyward/iam/policy'
import { AwsError } from '../protocol/Service.js'
import type { Authorize } from './Authorize.js'

// Caches parsed policies, because every request passes the text of its key's
// policy.
const cachedTexts = 256

/**
 * Creates the check that services make before they act. It depends on the
 * policies of callers and resources.
 */
export function createAuthorize(parameters: {
  /** Policies attached to a user, to a role, or to a role's session. */
  identityPolicies: (principal: Principal) => readonly Policy.Policy[]
  /** Tags of a user, of a role, or of its sessions, by key. */
  principalTags?: (principal: Principal) => Readonly<Record<string, string>>
  /** Milliseconds since 1970. */
  now: () => number
  /**
   * The principals that a refusal may name as allowed, by their names for a
   * shell.
   */
  named?: () => ReadonlyMap<string, Principal>
}): Authorize {
  const {
    identityPolicies,
    principalTags,
    now,
    named = () => new Map<string, Principal>(),
  } = parameters
  const parsed = new Map<string, Policy.Policy>()
  const read = (text: string, kind: Policy.PolicyKind): Policy.Policy => {
    const known = parsed.get(kind + text)
    if (known) return known
    const policy = parseOrDeny(text, kind)
    if (parsed.size >= cachedTexts) parsed.clear()
    parsed.set(kind + text, policy)
    return policy
  }
  const judge = (request: AuthorizationRequest) => {
    const { resourcePolicy, action } = request
    const kind = action === 'sts:AssumeRole' ? 'trust' : 'resource'
    const { principal } = request
    const tags = principalTags?.(principal) ?? {}
    return decide(
      { ...request, principal: { ...principal, tags } },
      {
        identity: identityPolicies(principal),
        resource:
          resourcePolicy === undefined ? undefined : read(resourcePolicy, kind),
      },
      now(),
    )
  }
  const whoElse = (request: AuthorizationRequest) => {
    const { arn } = request.principal
    const all = [...named()]
    // Whoever the resource's own policy names comes first: it is meant to act.
    const isMeant = (principal: Principal) =>
      Number(request.resourcePolicy?.includes(`"${principal.arn}"`) ?? false)
    const allowed = all
      .filter(([, principal]) => judge({ ...request, principal }).isAllowed)
      .sort(([, a], [, b]) => isMeant(b) - isMeant(a))
      .map(([name]) => name)
    if (allowed.length === 0) return undefined
    const [caller = arn] = all.find(([, each]) => each.arn === arn) ?? []
    // These headers are the home's own: AWS doesn't say who is allowed.
    return {
      'x-keyward-caller': caller,
      'x-keyward-allowed': allowed.join(' '),
    }
  }
  return (request) => {
    const decision = judge(request)
    if (decision.isAllowed) return
    throw accessDenied(request, decision, whoElse(request))
  }
}

/** A policy that can't be read allows nothing. */
function parseOrDeny(text: string, kind: Policy.PolicyKind): Policy.Policy {
  try {
    return Policy.parse(text, kind)
  } catch (error) {
    if (error instanceof PolicyError) return { statements: [] }
    throw error
  }
}

function accessDenied(
  { principal, action, resource }: AuthorizationRequest,
  { isExplicit, by }: Decision & { isAllowed: false },
  headers: Readonly<Record<string, string>> | undefined,
): AwsError {
  const text = `User: ${principal.arn} is not authorized to perform: ${action} on resource: ${resource}`
  const reason = isExplicit
    ? `with an explicit deny in ${by === 'identity' ? 'an identity' : 'a resource'}-based policy`
    : `because no ${by}-based policy allows the ${action} action`
  return new AwsError(
    'AccessDeniedException',
    // STS gives no reason when it refuses a role.
    action === 'sts:AssumeRole' && !isExplicit ? text : `${text} ${reason}`,
    // In AWS, JSON services return this like any other error.
    /^(?:dynamodb|kms|logs|secretsmanager|ssm):/.test(action) ? 400 : 403,
    headers,
  )
}
