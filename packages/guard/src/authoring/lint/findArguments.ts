import type { Signature } from '../../abi/Signature.js'
import { candidatesOf } from '../../policy/arguments/candidatesOf.js'
import { pathsOf } from '../../policy/arguments/pathsOf.js'
import { typeAt } from '../../policy/arguments/typeAt.js'
import type { Policy, Rule } from '../../policy/Policy.js'
import { at, type Finding, type Look } from './Finding.js'
import { flowAt, targetsOf } from './outflowOf.js'

/**
 * Finds conditions on missing arguments, and outflows that are neither built in
 * nor declared.
 */
export const findArguments: Look = (policy) =>
  policy.rules.flatMap((rule) => [
    ...findPaths(policy, rule),
    ...findUnsaid(policy, rule),
    ...findUncounted(rule),
  ])

function findPaths(policy: Policy, rule: Rule): Finding[] {
  const { what } = rule
  if (what?.kind !== 'call' && what?.kind !== 'typedData') return []
  const isAny = what.kind === 'call' && what.functions === undefined
  const candidates = candidatesOf(what, policy)
  if (candidates === undefined || isAny) return []
  return pathsOf(what).flatMap(({ member, path }): Finding[] => {
    const without = candidates.filter(
      ({ inputs }) => typeAt(inputs, path) === undefined,
    )
    if (without.length === 0) return []
    const name = path.join('.')
    const place = member === 'args' ? `args.${name}` : member
    return [
      {
        ...{ code: 'no-argument', level: 'warning', rule: rule.id },
        path: at(rule, `${what.kind}.${place}`),
        what: `There is no argument ${name} in ${without.map((one) => one.name).join(', ')}.`,
        why:
          rule.effect === 'deny'
            ? "The condition can't be tested, so the rule always denies these functions."
            : "The condition can't be tested, so the rule never allows these functions.",
        fix: 'Write a separate rule for each function.',
      },
    ]
  })
}

function findUnsaid(policy: Policy, rule: Rule): Finding[] {
  const { what, effect } = rule
  if (effect === 'deny') return []
  if (what?.kind === 'typedData') {
    const declared = what.kinds?.filter((kind) => policy.types.has(kind)) ?? []
    return what.spends === undefined && declared.length > 0
      ? [unsaid(rule, declared.join(', '))]
      : []
  }
  if (what?.kind !== 'call' || what.spends !== undefined) return []
  const targets = targetsOf(policy, rule)
  if (what.functions === undefined)
    return targets.some(({ at }) => at === undefined)
      ? [unsaid(rule, "contracts other than the policy's tokens")]
      : []
  return [...groupByName(what.functions).values()]
    .filter((functions) =>
      targets.every((target) => flowAt(functions, target) === 'unknown'),
    )
    .map((functions) => unsaid(rule, functions[0]?.text ?? ''))
}

/** Finds limits on uncountable outflows, which a limit always refuses. */
function findUncounted(rule: Rule): Finding[] {
  const { what, effect, windows, maxPerRequest, recipients } = rule
  if (effect === 'deny') return []
  if (what?.kind !== 'call' && what?.kind !== 'typedData') return []
  if (what.spends !== 'unknown') return []
  const limits = [
    ...(recipients === undefined ? [] : ['recipients']),
    ...(maxPerRequest.size === 0 ? [] : ['maxPerRequest']),
    ...(windows.some(({ asset }) => asset !== 'requests') ? ['windows'] : []),
  ]
  if (limits.length === 0) return []
  return [
    {
      ...{ code: 'spends-unknown', level: 'error', rule: rule.id },
      path: at(rule, `${what.kind}.spends`),
      what: `spends is "unknown", but the rule has ${limits.join(' and ')}.`,
      why: "An unknown amount can't be limited, so the rule never allows anything.",
      fix: `In spends, list what the ${what.kind} spends, or leave out ${limits.join(' and ')}.`,
    },
  ]
}

function groupByName(functions: readonly Signature[]) {
  const groups = new Map<string, Signature[]>()
  for (const one of functions)
    groups.set(one.name, [...(groups.get(one.name) ?? []), one])
  return groups
}

function unsaid(rule: Rule, what: string): Finding {
  return {
    ...{ code: 'spends-missing', level: 'error', rule: rule.id },
    path: at(rule, `${rule.what?.kind}.spends`),
    what: `The rule has no spends for ${what}.`,
    why: 'The outflow is unknown, so the rule never allows such a request.',
    fix: 'Add spends: a list of entries with asset, amount and recipient; [] for nothing; or "unknown".',
  }
}
