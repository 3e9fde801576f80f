import type { SigningRequest } from '@keyward/core'
import { readActions } from '../actions/readActions.js'
import type { Policy, Rule } from '../policy/Policy.js'
import { chargesOf, type Decided } from './chargesOf.js'
import { checkLimits } from './checkLimits.js'
import { concerns, conditionsOf } from './conditions.js'
import type { Decision, Reason, ShadowRule } from './Decision.js'
import { describe } from './describe.js'
import { type Facts, feesOf, type Question, type Subject } from './Question.js'
import { reasonsOf } from './reasonsOf.js'
import { rulesFor } from './rulesFor.js'

/** Requests with more actions are not examined. */
const maxActions = 1000

/**
 * Decides whether a request may be signed, as docs/policy.md specifies. It is
 * pure: the same arguments give the same decision. It never throws: a request
 * that can't be judged is denied.
 */
export function evaluate(
  policy: Policy,
  request: SigningRequest,
  subject: Subject,
  facts: Facts,
): Decision {
  try {
    return decide(policy, request, subject, facts)
  } catch {
    return refuse(
      policy,
      "a request that can't be read",
      'a request with valid field types',
    )
  }
}

const baseOf = ({ mode }: Policy) => ({
  ...{ mode, rule: undefined, actions: [], shadow: [], reservations: [] },
})

const refuse = (policy: Policy, came: string, allowed: string): Decision => ({
  ...{ ...baseOf(policy), decision: 'deny' },
  reasons: [{ path: 'request', came, allowed }],
})

function decide(
  policy: Policy,
  request: SigningRequest,
  subject: Subject,
  facts: Facts,
): Decision {
  const actions = readActions(request, subject.account, policy)
  if (actions.length > maxActions)
    return refuse(
      policy,
      `${actions.length} calls`,
      `at most ${maxActions} calls in a request`,
    )
  const fees = feesOf(request)
  const { time } = facts
  const questions = actions.map(
    (action): Question => ({ policy, request, subject, time, fees, action }),
  )
  const verdicts = questions.map(judge)
  const shadow = verdicts.flatMap((one) => one.shadow)
  const told = verdicts.map(({ question: { action }, rule, isDenied }) => ({
    path: action.path,
    text: describe(action, policy),
    rule: isDenied ? undefined : rule?.id,
  }))
  const denied = verdicts.filter((one) => one.isDenied)
  const answer = { ...baseOf(policy), actions: told, shadow }
  if (denied.length > 0)
    return {
      ...answer,
      decision: 'deny',
      rule: denied.find(({ rule }) => rule !== undefined)?.rule?.id,
      reasons: firstOfEach(
        denied.flatMap(({ question, rule }) =>
          reasonsOf(question, rule, facts),
        ),
      ),
    }
  const decided = verdicts.map(
    ({ question: { action }, rule }) => ({ action, rule }) as Decided,
  )
  const rule = decided[0]?.rule.id
  const charges = chargesOf(decided, fees, subject)
  const { reasons, reservations } = checkLimits(policy, decided, charges, facts)
  return reasons.length > 0
    ? { ...answer, decision: 'deny', rule, reasons }
    : { ...answer, decision: 'allow', rule, reasons: [], reservations }
}

/** Several rules can name the same window. */
function firstOfEach(reasons: readonly Reason[]): Reason[] {
  const paths = reasons.map(({ path }) => path)
  return reasons.filter(({ path }, at) => paths.indexOf(path) === at)
}

type Verdict = {
  readonly question: Question
  /** The rule that denies the action, or the first rule that allows it. */
  readonly rule: Rule | undefined
  readonly isDenied: boolean
  readonly shadow: readonly ShadowRule[]
}

function judge(question: Question): Verdict {
  const { action } = question
  const shadow: ShadowRule[] = []
  let allowing: Rule | undefined
  let denying: Rule | undefined
  for (const rule of rulesFor(question.policy, action)) {
    const { effect, id, mode } = rule
    const isShadow = mode === 'shadow'
    // Skip rules that can no longer change the decision.
    if (!isShadow && effect === 'allow' && allowing !== undefined) continue
    if (!isShadow && effect === 'deny' && denying !== undefined) continue
    if (!matches(rule, question)) continue
    if (isShadow) shadow.push({ rule: id, effect, path: action.path })
    else if (effect === 'deny') denying = rule
    else allowing = rule
  }
  const isDenied = denying !== undefined || allowing === undefined
  return { question, rule: denying ?? allowing, isDenied, shadow }
}

/**
 * To allow, every condition must hold. To deny, it is enough that none fails.
 */
function matches(rule: Rule, question: Question): boolean {
  if (!concerns(rule, question.action)) return false
  const isDeny = rule.effect === 'deny'
  for (const [, truth] of conditionsOf(rule, question))
    if (isDeny ? truth === false : truth !== true) return false
  return true
}
