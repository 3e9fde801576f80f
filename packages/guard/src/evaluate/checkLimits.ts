import { maxAmount } from '../policy/maxAmount.js'
import type { Policy, Rule } from '../policy/Policy.js'
import { type Charge, type Decided, outflowsOf } from './chargesOf.js'
import type { Reason, Reservation } from './Decision.js'
import { flowsUnder } from './flowsUnder.js'
import { formatAmount, formatLimit, formatWindow, onTopOf } from './format.js'
import type { Facts, Spent, WindowScope } from './Question.js'

/**
 * Checks the limits of the rules that allow a request: the maximum for one
 * request, and the amount that is left in the windows.
 */
export function checkLimits(
  policy: Policy,
  decided: readonly Decided[],
  charges: readonly Charge[],
  facts: Facts,
): { reasons: Reason[]; reservations: Reservation[] } {
  const reasons = [...findUnknown(decided), ...findTooMuch(policy, decided)]
  const all = charges.map(({ window, scope, amount }) => {
    const total = (list: readonly Spent[] = []) =>
      list
        .filter(
          (one) => one.window === window.id && isSameScope(one.scope, scope),
        )
        .reduce((sum, one) => sum + one.amount, 0n)
    const before = total(facts.spent)
    const counted = total(facts.counted)
    const more = amount > counted ? amount - counted : 0n
    return { window, scope, amount: more, before }
  })
  const reservations = all.filter(({ amount }) => amount > 0n)
  for (const { window, amount, before } of reservations)
    if (amount > maxAmount || before + amount > window.limit)
      reasons.push({
        path: `windows[${window.id}]`,
        came: onTopOf(
          (sum) => formatWindow(policy, window, sum),
          amount,
          facts.spent && before,
        ),
        allowed: formatLimit(policy, window),
      })
  return { reasons, reservations }
}

function isSameScope(one: WindowScope, other: WindowScope): boolean {
  return (
    one.caller === other.caller &&
    one.account === other.account &&
    one.recipient === other.recipient
  )
}

const isLimited = ({ windows, maxPerRequest }: Rule) =>
  maxPerRequest.size > 0 || windows.some(({ asset }) => asset !== 'requests')

/** If something is counted, an uncountable outflow is not allowed. */
function findUnknown(decided: readonly Decided[]): Reason[] {
  return decided
    .filter(
      ({ action, rule }) =>
        isLimited(rule) && flowsUnder(rule, action) === 'unknown',
    )
    .map(({ action, rule }) => ({
      path: `actions[${action.path}].rules[${rule.id}].spends`,
      came: 'an unknown amount',
      allowed: 'amounts that limits and windows can count',
    }))
}

function findTooMuch(policy: Policy, decided: readonly Decided[]): Reason[] {
  const totals = new Map<string, bigint>()
  for (const one of decided)
    for (const { asset, amount } of outflowsOf(one))
      totals.set(asset, (totals.get(asset) ?? 0n) + amount)
  return decided.flatMap(({ action, rule }) =>
    [...rule.maxPerRequest]
      .filter(([asset, limit]) => (totals.get(asset) ?? 0n) > limit)
      .map(([asset, limit]) => ({
        path: `actions[${action.path}].rules[${rule.id}].maxPerRequest.${asset}`,
        came: formatAmount(policy, asset, totals.get(asset) ?? 0n),
        allowed: `at most ${formatAmount(policy, asset, limit)} in one request`,
      })),
  )
}
