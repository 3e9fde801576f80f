import type { Signature } from '../../abi/Signature.js'
import type { Field } from '../../abi/Type.js'
import type { Policy, Rule } from '../../policy/Policy.js'
import { fieldsOfType } from '../../typedData/fieldsOfType.js'
import { kinds } from '../../typedData/kinds.js'
import { at, type Finding, type Look } from './Finding.js'
import { flowAt, targetsOf } from './outflowOf.js'

/** Conditions on arguments that are not there, and outflows that nobody says. */
export const findArguments: Look = (policy) =>
  policy.rules.flatMap((rule) => [
    ...findPaths(policy, rule),
    ...findUnsaid(policy, rule),
  ])

type Candidate = { readonly name: string; readonly inputs: readonly Field[] }

function findPaths(policy: Policy, rule: Rule): Finding[] {
  const { what } = rule
  if (what?.kind !== 'call' && what?.kind !== 'typedData') return []
  const candidates: Candidate[] | undefined =
    what.kind === 'call'
      ? what.functions?.map(({ text, inputs }) => ({ name: text, inputs }))
      : what.kinds?.flatMap((kind) => kindOf(policy, kind))
  if (candidates === undefined || candidates.length === 0) return []
  return pathsOf(rule).flatMap(([member, path]): Finding[] => {
    const without = candidates.filter(({ inputs }) => !hasPath(inputs, path))
    if (without.length === 0) return []
    const isNone = without.length === candidates.length
    const name = path.join('.')
    return [
      {
        ...{ code: 'no-argument', rule: rule.id },
        level: isNone ? 'error' : 'warning',
        path: at(rule, `${what.kind}.${member}`),
        what: isNone
          ? `None of its functions has an argument ${name}.`
          : `${without.map((one) => one.name).join(', ')} has no argument ${name}.`,
        why:
          rule.effect === 'deny'
            ? 'The condition is unknown there, and what is unknown is denied.'
            : 'The condition is unknown there, so that the rule never allows it.',
        fix: isNone
          ? `Its arguments are: ${namesOf(candidates)}.`
          : 'Give each function a rule of its own.',
      },
    ]
  })
}

/** Each path that a rule names, with the member that does. */
function pathsOf({ what }: Rule): [string, readonly string[]][] {
  if (what?.kind !== 'call' && what?.kind !== 'typedData') return []
  const spends = Array.isArray(what.spends) ? what.spends : []
  return [
    ...what.args.map(({ path }) => [`args.${path.join('.')}`, path]),
    ...what.ratios.flatMap(({ of, to }, index) => [
      [`ratios[${index}].of`, of],
      [`ratios[${index}].to`, to],
    ]),
    ...spends.flatMap(({ amount, recipient }, index) => [
      [`spends[${index}].amount`, amount],
      ...(recipient === undefined
        ? []
        : [[`spends[${index}].recipient`, recipient]]),
    ]),
  ] as [string, readonly string[]][]
}

function hasPath(
  fields: readonly Field[],
  [name, ...rest]: readonly string[],
): boolean {
  const type = fields.find((field) => field.name === name)?.type
  if (type === undefined) return false
  if (rest.length === 0) return true
  return type.kind === 'tuple' && hasPath(type.fields, rest)
}

const namesOf = (candidates: readonly Candidate[]) =>
  candidates
    .flatMap(({ inputs }) => inputs.flatMap(({ name }) => name || []))
    .join(', ') || 'without names; write them in functions'

/** The fields of a kind; none where a witness makes them each time others. */
function kindOf({ types }: Policy, kind: string): Candidate[] {
  const known = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined
  const text = known?.encodeType ?? types.get(kind)
  if (typeof text !== 'string') return []
  return [{ name: kind, inputs: fieldsOfType(text) }]
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
      ? [
          unsaid(
            rule,
            'functions of contracts that the policy does not name as tokens',
          ),
        ]
      : []
  return [...groupByName(what.functions).values()]
    .filter((functions) =>
      targets.every((target) => flowAt(functions, target) === 'unknown'),
    )
    .map((functions) => unsaid(rule, functions[0]?.text ?? ''))
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
    what: `Nobody says what ${what} gives away.`,
    why: 'Its outflow is not built in, so that the rule never allows it.',
    fix: 'Add spends: a list of asset, amount and recipient, [] for nothing, or "unknown".',
  }
}
