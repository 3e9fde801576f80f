import type { AuthorizationRequest, Principal } from '@keyward/iam/policy'
import { type Decision, decide, Policy, PolicyError } from '@keyward/iam/policy'
import { AwsError } from '../protocol/Service.js'
import type { Authorize } from './Authorize.js'

// Every request brings the text of its key's policy.
const cachedTexts = 256

/**
 * Makes the question that services ask before they work, answered by the
 * policies of callers and resources.
 */
export function createAuthorize(parameters: {
  /** Policies attached to a user, or to a role or a session of it. */
  identityPolicies: (principal: Principal) => readonly Policy.Policy[]
  /** Milliseconds since 1970. */
  now: () => number
}): Authorize {
  const { identityPolicies, now } = parameters
  const parsed = new Map<string, Policy.Policy>()
  const read = (text: string, kind: Policy.PolicyKind): Policy.Policy => {
    const known = parsed.get(kind + text)
    if (known) return known
    const policy = parseOrDeny(text, kind)
    if (parsed.size >= cachedTexts) parsed.clear()
    parsed.set(kind + text, policy)
    return policy
  }
  return (request) => {
    const { resourcePolicy, action } = request
    const kind = action === 'sts:AssumeRole' ? 'trust' : 'resource'
    const decision = decide(
      request,
      {
        identity: identityPolicies(request.principal),
        resource:
          resourcePolicy === undefined ? undefined : read(resourcePolicy, kind),
      },
      now(),
    )
    if (!decision.isAllowed) throw accessDenied(request, decision)
  }
}

/** A policy that can't be read allows nobody anything. */
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
): AwsError {
  const text = `User: ${principal.arn} is not authorized to perform: ${action} on resource: ${resource}`
  const reason = isExplicit
    ? `with an explicit deny in ${by === 'identity' ? 'an identity' : 'a resource'}-based policy`
    : `because no ${by}-based policy allows the ${action} action`
  return new AwsError(
    'AccessDeniedException',
    // Of a role, STS does not tell why.
    action === 'sts:AssumeRole' && !isExplicit ? text : `${text} ${reason}`,
    // Services that speak AWS JSON refuse as any other error.
    /^(?:dynamodb|kms|logs|secretsmanager|ssm):/.test(action) ? 400 : 403,
  )
}
