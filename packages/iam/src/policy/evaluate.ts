import * as Certainty from './Certainty.js'
import { isRoot } from './PrincipalElement.js'
import type { Question } from './Question.js'
import * as Statement from './Statement.js'

/** `unknown`: the policies ask for what the question does not say. */
export type Verdict = 'allowed' | 'denied' | 'unknown'

/** What the statements of one side say to a question. */
export type Side = {
  denied: Certainty.Certainty
  /** Whether the caller itself is allowed. */
  allowed: Certainty.Certainty
  /** Whether it is, or its account, which leaves the choice to its policies. */
  allowedByAccount: Certainty.Certainty
}

/** Asks the statements of a caller's policies, or those of a resource's. */
export function ask(
  statements: readonly Statement.Statement[],
  question: Question,
): Side {
  return summarize(
    statements.map((statement) => ({
      effect: statement.effect,
      ...Statement.match(statement, question),
    })),
  )
}

/** What statements say together whose matches are known. */
export function summarize(
  matches: readonly (Statement.Match & Pick<Statement.Statement, 'effect'>)[],
): Side {
  const denied: Certainty.Certainty[] = []
  const allowed: Certainty.Certainty[] = []
  const byAccount: Certainty.Certainty[] = []
  for (const { effect, holds, isByAccount } of matches)
    if (effect === 'Deny') denied.push(holds)
    else if (isByAccount) byAccount.push(holds)
    else allowed.push(holds)
  return {
    denied: Certainty.some(denied),
    allowed: Certainty.some(allowed),
    allowedByAccount: Certainty.some([...allowed, ...byAccount]),
  }
}

/** Of a caller without policies, and of a resource without one. */
export const silent: Side = {
  denied: 'no',
  allowed: 'no',
  allowedByAccount: 'no',
}

/**
 * Weighs both sides as AWS does: a Deny wins. Of one account, either side
 * suffices where it names the caller; of two, both must allow. Nothing goes
 * past a key's policy, or past whom a role trusts: it must allow the caller, or
 * else the account, which hands the choice to the caller's policies.
 */
export function evaluate(
  question: Pick<Question, 'principal' | 'action' | 'resource'>,
  identity: Side,
  /** Undefined where the resource has no policy. */
  resource: Side | undefined,
): Verdict {
  const { denied, allowed, allowedByAccount } = resource ?? silent
  const isDenied = Certainty.some([identity.denied, denied])
  if (isDenied === 'yes') return 'denied'
  const isGate = resource !== undefined && isOwnGate(question.action)
  const byIdentity = allowedByIdentity(question.principal, identity)
  const byBoth = Certainty.all([allowedByAccount, byIdentity])
  const isAllowed = isForeign(question)
    ? byBoth
    : Certainty.some([allowed, isGate ? byBoth : byIdentity])
  if (isAllowed === 'no') return 'denied'
  return isAllowed === 'yes' && isDenied === 'no' ? 'allowed' : 'unknown'
}

/** An account's root needs no policy, and a service can have none. */
function allowedByIdentity(
  principal: Question['principal'],
  { allowed }: Side,
): Certainty.Certainty {
  if (principal.service !== undefined) return 'no'
  return isRoot(principal) ? 'yes' : allowed
}

/** Whether the caller is of another account than the resource. */
export function isForeign({
  principal,
  resource,
}: Pick<Question, 'principal' | 'resource'>): boolean {
  const owner = resource.split(':', 5)[4] || principal.account
  return owner !== principal.account && principal.service === undefined
}

/** Whether the policy of what is acted on is the only way in. */
export function isOwnGate(action: string): boolean {
  return action.startsWith('kms:') || action === 'sts:AssumeRole'
}
