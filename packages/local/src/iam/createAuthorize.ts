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
  /** Tags of a user, or of a role or of its sessions, by their keys. */
  principalTags?: (principal: Principal) => Readonly<Record<string, string>>
  /** Milliseconds since 1970. */
  now: () => number
  /** Whom a refusal names as allowed, by the name that a shell takes. */
  named?: ReadonlyMap<string, Principal>
}): Authorize {
  const {
    identityPolicies,
    principalTags,
    now,
    named = new Map<string, Principal>(),
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
    const all = [...named]
    const allowed = all
      .filter(([, principal]) => judge({ ...request, principal }).isAllowed)
      .map(([name]) => name)
    if (allowed.length === 0) return undefined
    const [caller = arn] = all.find(([, each]) => each.arn === arn) ?? []
    // Headers of the home's own: AWS does not tell.
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
  headers: Readonly<Record<string, string>> | undefined,
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
    headers,
  )
}
