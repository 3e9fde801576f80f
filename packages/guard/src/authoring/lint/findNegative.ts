import type { Type } from '../../abi/Type.js'
import type {
  ArgumentCondition,
  NamedCondition,
} from '../../policy/ArgumentCondition.js'
import { candidatesOf } from '../../policy/arguments/candidatesOf.js'
import { typeAt } from '../../policy/arguments/typeAt.js'
import type { Policy, Rule } from '../../policy/Policy.js'
import { at, type Finding, type Look } from './Finding.js'

/**
 * Finds bounds that negative numbers pass. For example, a Uniswap swap with a
 * positive amount sells that amount, and one with a negative amount buys it at
 * any price.
 */
export const findNegative: Look = (policy) =>
  policy.rules.flatMap((rule) => findIn(policy, rule))

function findIn(policy: Policy, rule: Rule): Finding[] {
  const { what, effect } = rule
  if (what?.kind !== 'call' && what?.kind !== 'typedData') return []
  const isDeny = effect === 'deny'
  const bound = isDeny ? 'atLeast' : 'atMost'
  const candidates = candidatesOf(what, policy) ?? []
  const passes = ({ path, condition }: NamedCondition) =>
    candidates.some(({ inputs }) =>
      passesBelow(condition, typeAt(inputs, path), bound),
    )
  return what.args.filter(passes).map(({ path }) => ({
    ...{ code: 'negative-number', level: 'warning', rule: rule.id },
    path: at(rule, `${what.kind}.args.${path.join('.')}`),
    what: `${bound} does not limit negative numbers, which the type of ${path.join('.')} allows.`,
    why: isDeny
      ? 'The rule does not deny any negative number, however large.'
      : 'The rule allows every negative number, however large.',
    fix: isDeny
      ? 'Deny negative numbers in another rule, with "atMost": "0".'
      : 'Add "atLeast": "0".',
  }))
}

/** Whether a condition on a signed number has only this bound. */
function passesBelow(
  condition: ArgumentCondition,
  type: Type | undefined,
  bound: 'atLeast' | 'atMost',
): boolean {
  const { every, some, fields = [], atLeast, equals } = condition
  switch (type?.kind) {
    case 'int': {
      const isHeld = equals !== undefined || condition.in !== undefined
      const hasOther = bound === 'atMost' && atLeast !== undefined
      return condition[bound] !== undefined && !isHeld && !hasOther
    }
    case 'array':
      return [every, some].some(
        (one) => one !== undefined && passesBelow(one, type.of, bound),
      )
    case 'tuple':
      return fields.some(({ path, condition: one }) =>
        passesBelow(one, typeAt(type.fields, path), bound),
      )
    default:
      return false
  }
}
