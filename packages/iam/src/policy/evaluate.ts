import * as Certainty from './Certainty.js'
import { isRoot } from './PrincipalElement.js'
import type { Question } from './Question.js'
import * as Statement from './Statement.js'

/**
 * `unknown` means that the policies depend on something that the question
 * leaves out.
 */
export type Verdict = 'allowed' | 'denied' | 'unknown'

/** The answer of one side's statements to a question. */
export type Side = {
  denied: Certainty.Certainty
  /** Whether the caller itself is allowed. */
  allowed: Certainty.Certainty
  /**
   * Whether the caller or its account is allowed. If the account is allowed,
   * its IAM policies decide.
   */
  allowedByAccount: Certainty.Certainty
}

/** Evaluates the statements of the caller's policies or of the resource's. */
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

/** Combines the matches of several statements. */
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

/** The answer for a caller or a resource without a policy. */
export const silent: Side = {
  denied: 'no',
  allowed: 'no',
  allowedByAccount: 'no',
}

/**
 * Combines both sides as AWS does: a Deny wins. Within one account, either side
 * suffices if it names the caller; across accounts, both must allow. A key
 * policy or trust policy can't be bypassed: it must allow the caller, or allow
 * the account, in which case the caller's policies decide.
 */
export function evaluate(
  question: Pick<Question, 'principal' | 'action' | 'resource'>,
  identity: Side,
  /** Undefined if the resource has no policy. */
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

/** An account's root needs no policy, and a service can't have one. */
function allowedByIdentity(
  principal: Question['principal'],
  { allowed }: Side,
): Certainty.Certainty {
  if (principal.service !== undefined) return 'no'
  return isRoot(principal) ? 'yes' : allowed
}

/** Whether the caller and the resource are in different accounts. */
export function isForeign({
  principal,
  resource,
}: Pick<Question, 'principal' | 'resource'>): boolean {
  const owner = resource.split(':', 5)[4] || principal.account
  return owner !== principal.account && principal.service === undefined
}

/** Whether only the resource's own policy can grant access. */
export function isOwnGate(action: string): boolean {
  return action.startsWith('kms:') || action === 'sts:AssumeRole'
}
