import type { AuthorizationRequest } from './AuthorizationRequest.js'
import { createHomeContext } from './createHomeContext.js'
import { ask, evaluate, isForeign, isOwnGate, silent } from './evaluate.js'
import type { Policy } from './Policy.js'

export type Decision =
  | { isAllowed: true }
  /** `by` is the side that denied, or that lacked an Allow. */
  | { isAllowed: false; isExplicit: boolean; by: 'identity' | 'resource' }

/**
 * The verdict as yes or no, with AWS's reason. When in doubt, it denies: an
 * Allow counts only if it surely holds, and a Deny counts if it may hold.
 */
export function decide(
  request: AuthorizationRequest,
  policies: {
    identity: readonly Policy[]
    /** Undefined if the resource has none. */
    resource: Policy | undefined
  },
  now: number,
): Decision {
  const question = { ...request, context: createHomeContext(request, now) }
  const isService = request.principal.service !== undefined
  const identity = isService
    ? silent
    : ask(
        policies.identity.flatMap(({ statements }) => statements),
        question,
      )
  const resource =
    policies.resource && ask(policies.resource.statements, question)
  if (evaluate(question, identity, resource) === 'allowed')
    return { isAllowed: true }
  if (identity.denied !== 'no') return denied(true, 'identity')
  const onResource = resource ?? silent
  if (onResource.denied !== 'no') return denied(true, 'resource')
  const mustAllow =
    isForeign(question) || (resource !== undefined && isOwnGate(request.action))
  const isClosed = mustAllow && onResource.allowedByAccount !== 'yes'
  return denied(false, isClosed || isService ? 'resource' : 'identity')
}

function denied(isExplicit: boolean, by: 'identity' | 'resource'): Decision {
  return { isAllowed: false, isExplicit, by }
}
