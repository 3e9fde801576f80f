import type { Action } from '../actions/Action.js'
import type { Rule } from '../policy/Policy.js'
import { chargesOf } from './chargesOf.js'
import { checkLimits } from './checkLimits.js'
import { concerns, conditionsOf } from './conditions.js'
import type { Reason } from './Decision.js'
import type { Facts, Question } from './Question.js'
import { came, requestTo, wanted } from './wording.js'

/** Maximum number of rules to report that almost allowed the action. */
const maxRules = 3

/** The conditions that say what a rule is about. */
const aims = new Set([
  'call.to',
  'call.functions',
  'typedData.kinds',
  'typedData.contracts',
  'message.kinds',
  'authorization.delegates',
])

/**
 * Why an action is denied: by this rule, or because no rule allows it, followed
 * by the failed conditions and the exceeded limits of the closest rules.
 */
export function reasonsOf(
  question: Question,
  denying: Rule | undefined,
  facts: Facts,
): Reason[] {
  const { action, policy } = question
  const at = `actions[${action.path}]`
  if (denying !== undefined)
    return [
      {
        path: `${at}.rules[${denying.id}]`,
        came: requestTo(question),
        allowed: 'an action that this rule does not deny',
      },
    ]
  const allowing = policy.rules
    .filter(
      (rule) =>
        rule.effect === 'allow' &&
        rule.mode === 'enforce' &&
        concerns(rule, action),
    )
    .map((rule) => ({
      rule,
      failed: [...conditionsOf(rule, question)].filter(
        ([, truth]) => truth !== true,
      ),
    }))
  const fits = ({ failed }: (typeof allowing)[number]) =>
    !failed.some(([name, truth]) => truth === false && aims.has(name))
  // A rule on another contract or function only matters if it came as close as
  // those on this one.
  const closest = Math.min(
    ...allowing.filter(fits).map(({ failed }) => failed.length),
  )
  const near = allowing
    .filter((one) => fits(one) || one.failed.length <= closest)
    .sort((one, other) => one.failed.length - other.failed.length)
    .slice(0, maxRules)
  if (near.length === 0)
    return [
      {
        path: at,
        came: requestTo(question),
        allowed: `only actions that a rule allows, and no rule allows ${nameOf(action)}`,
      },
    ]
  return near.flatMap((one) => [
    ...one.failed.map(([name]) => ({
      path: `${at}.rules[${one.rule.id}].${name}`,
      came: came(name, question, one.rule),
      allowed: wanted(name, question, one.rule),
    })),
    ...(fits(one) ? exceededBy(one.rule, question, facts) : []),
  ])
}

/**
 * The limits of a rule that the action would exceed, even if it were the only
 * action of the request.
 */
function exceededBy(rule: Rule, question: Question, facts: Facts): Reason[] {
  const { action, policy, fees, subject } = question
  const decided = [{ action, rule }]
  const charges = chargesOf(decided, fees, subject)
  return checkLimits(policy, decided, charges, facts).reasons
}

const words: Readonly<Record<Action['kind'], string>> = {
  payment: 'payments',
  call: 'calls',
  create: 'the creation of contracts',
  typedData: 'typed data',
  message: 'messages',
  authorization: 'authorizations (EIP-7702)',
  digest: 'bare digests',
}
const nameOf = ({ kind }: Action) => words[kind]
