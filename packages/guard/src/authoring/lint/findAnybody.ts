import type { Policy, Rule, Window } from '../../policy/Policy.js'
import { allowing, at, type Finding, type Look } from './Finding.js'
import { flowAt, targetsOf } from './outflowOf.js'

/**
 * Finds rules without callers or recipients, and shared windows that one caller
 * can use up.
 */
export const findAnybody: Look = (policy) => [
  ...allowing(policy).flatMap((rule) => [
    ...findAnyCaller(rule),
    ...findAnyRecipient(policy, rule),
    ...findAnyFunction(rule),
    ...findAnyContract(rule),
  ]),
  ...[...policy.windows.values()].flatMap((window) =>
    findShared(policy, window),
  ),
]

function findAnyCaller(rule: Rule): Finding[] {
  if (rule.callers !== undefined) return []
  return [
    {
      ...{ code: 'any-caller', level: 'warning', rule: rule.id },
      path: at(rule, 'callers'),
      what: 'The rule does not limit the callers.',
      why: 'Anyone who can invoke the functions can use the rule.',
      fix: 'List the allowed aliases in callers.',
    },
  ]
}

function findAnyRecipient(policy: Policy, rule: Rule): Finding[] {
  if (rule.recipients !== undefined || !givesToOthers(policy, rule)) return []
  return [
    {
      ...{ code: 'any-recipient', level: 'warning', rule: rule.id },
      path: at(rule, 'recipients'),
      what: 'The rule does not limit the recipients.',
      why: "A thief's address is allowed too, up to the limits.",
      fix: 'List addresses or groups in recipients, or limit the argument in args.',
    },
  ]
}

/** Names of arguments that receive something. */
const receivers = ['to', 'spender', 'recipient', 'operator']

function givesToOthers(policy: Policy, rule: Rule): boolean {
  const { what, maxPerRequest } = rule
  if (what?.kind === 'payment') return maxPerRequest.get('native') !== 0n
  if (what?.kind !== 'call' && what?.kind !== 'typedData') return false
  const held = what.args
    .filter(({ condition: { equals, in: list } }) => equals ?? list)
    .map(({ path }) => path.join('.'))
  if (Array.isArray(what.spends)) {
    const paths = what.spends.flatMap(({ recipient }) =>
      recipient === undefined ? [] : [recipient.join('.')],
    )
    if (paths.some((path) => !held.includes(path))) return true
  }
  if (receivers.some((name) => held.includes(name))) return false
  if (what.kind === 'typedData')
    return (what.kinds ?? []).some((kind) => /^(?:Permit|Transfer)/.test(kind))
  const { functions } = what
  return targetsOf(policy, rule).some(
    (target) =>
      target.at !== undefined &&
      (functions === undefined || flowAt(functions, target) === 'some'),
  )
}

function findAnyFunction(rule: Rule): Finding[] {
  const { what } = rule
  if (what?.kind !== 'call' || what.functions !== undefined) return []
  return [
    {
      ...{ code: 'any-function', level: 'warning', rule: rule.id },
      path: at(rule, 'call.functions'),
      what: 'The rule allows calls of any function, even undecodable ones.',
      why: 'Functions that an upgrade adds to the contract are allowed too.',
      fix: 'List the functions. Declare those of your contract with --abi or in functions.',
    },
  ]
}

function findAnyContract(rule: Rule): Finding[] {
  const { what } = rule
  if (what?.kind !== 'call' || what.to !== undefined) return []
  return [
    {
      ...{ code: 'any-contract', level: 'error', rule: rule.id },
      path: at(rule, 'call.to'),
      what: 'The rule allows calls of any contract.',
      why:
        'Any token that the policy does not name is such a contract. The ' +
        'account can lose all of that token, and no window counts it.',
      fix: 'List the contracts in call.to. On any chain other than the local one (31337), "any" is refused.',
    },
  ]
}

function findShared({ rules }: Policy, window: Window): Finding[] {
  const users = rules.filter(({ windows }) => windows.includes(window))
  const base = { level: 'warning', rule: null } as const
  const path = `windows.${window.id}`
  if (users.length === 0)
    return [
      {
        ...{ ...base, code: 'unused-window', path },
        what: 'No rule uses the window.',
        why: 'A reader may assume that it limits something.',
        fix: 'Add it to the rules that it should limit, or delete it.',
      },
    ]
  const callers = new Set(users.flatMap(({ callers }) => callers ?? ['*']))
  const isShared =
    !window.per.includes('caller') && (callers.size > 1 || callers.has('*'))
  if (!isShared) return []
  const who = callers.has('*') ? 'all callers' : [...callers].join(', ')
  return [
    {
      ...{ ...base, code: 'shared-window', path },
      what: `The window is shared by ${who}.`,
      why: 'If one caller uses it up, the others are refused.',
      fix: 'Set "per": ["caller"], or give each caller a window. If the limit is for all callers together, keep the window.',
    },
  ]
}
