import type { Policy, Rule } from '../../policy/Policy.js'
import { allowing, at, type Finding, type Look } from './Finding.js'
import {
  type Assets,
  assetsOf,
  isTold,
  isTransaction,
  reachOf,
} from './outflowOf.js'

/** Finds conditions of allowing rules that hold for every request. */
export const findIdle: Look = (policy, document) =>
  allowing(policy).flatMap((rule) => [
    ...findRecipients(policy, rule),
    ...findWindows(policy, rule),
    ...findOfTransactions(rule, rawOf(document, rule)),
    ...findContracts(rule),
    ...findHours(rule),
  ])

function findRecipients(policy: Policy, rule: Rule): Finding[] {
  if (rule.recipients === undefined) return []
  const reach = reachOf(policy, rule)
  if (reach === 'all') return []
  return [
    reach === 'named'
      ? idle(rule, 'recipients', {
          what: 'recipients applies only to tokens that the policy names.',
          why: 'A call of any other contract can send assets to anyone.',
          fix:
            'List the contracts in call.to, and declare the recipients in ' +
            'spends.',
        })
      : idle(rule, 'recipients', {
          what:
            'recipients limits nothing: the policy knows no recipient of ' +
            'anything that this rule allows.',
          why:
            "A call's value goes to the called contract. Other rules decide " +
            'on inner calls. A reader may assume that recipients limits both.',
          fix:
            'Leave it out. For a call, limit call.to, or declare the ' +
            'recipients in spends.',
        }),
  ]
}

function findWindows(policy: Policy, rule: Rule): Finding[] {
  if (!isTold(policy, rule)) return []
  const assets = assetsOf(policy, rule)
  return rule.windows
    .filter(({ asset, chain }) => !counts(rule, assets, { asset, chain }))
    .map(({ id, asset, chain }) =>
      idle(rule, 'windows', {
        what:
          `The window ${id} counts nothing: the rule spends no ` +
          `${asset}${chain === undefined ? '' : ` on chain ${chain}`}.`,
        why: 'A reader may assume that the window limits the rule.',
        fix: 'Remove it, or use a window for an asset that the rule spends.',
      }),
    )
}

/** Whether a window counts anything in a rule. */
function counts(
  rule: Rule,
  { named, others }: Assets,
  { asset, chain }: { asset: string; chain: bigint | undefined },
): boolean {
  if (asset === 'requests') return true
  if (asset !== 'native') return named.has(asset) || others
  if (chain !== undefined && rule.chains?.includes(chain) !== true) return false
  return isTransaction(rule) || named.has(asset) || others
}

type Raw = { readonly types?: unknown; readonly maxValidity?: unknown }

function rawOf(document: unknown, { id }: Rule): Raw {
  const { rules } = document as { rules: { id: unknown }[] }
  return Object(rules.find((one) => one.id === id))
}

/** Finds conditions on transactions in rules that allow no transactions. */
function findOfTransactions(rule: Rule, raw: Raw): Finding[] {
  const { what, fee } = rule
  const kind = what?.kind ?? 'payment'
  const given = [
    ...(Object.values(fee).some((cap) => cap !== undefined) ? ['fee'] : []),
    ...(raw.types === undefined ? [] : ['types']),
  ]
  const isEndless =
    kind === 'message'
      ? what?.kind === 'message' && !what.kinds.includes('sign-in')
      : kind !== 'call' && kind !== 'typedData'
  return [
    ...(what === undefined || isTransaction(rule) ? [] : given).map((name) =>
      idle(rule, name, {
        what:
          `${name} limits nothing: it applies to transactions, and the rule ` +
          'allows none.',
        why: 'A reader may assume that it limits what is signed.',
        fix: 'Leave it out.',
      }),
    ),
    ...(isEndless && raw.maxValidity !== undefined
      ? [
          idle(rule, 'maxValidity', {
            what: 'maxValidity limits nothing: nothing that the rule allows has a deadline.',
            why: 'The signatures can be used at any time.',
            fix: 'Leave it out.',
          }),
        ]
      : []),
  ]
}

function findContracts(rule: Rule): Finding[] {
  const { what } = rule
  if (what?.kind !== 'typedData' || what.contracts === undefined) return []
  if (!what.without.includes('verifyingContract')) return []
  return [
    idle(rule, 'typedData.contracts', {
      what:
        'contracts does not apply to typed data that names no contract, ' +
        'and "without" allows such data.',
      why: 'Any contract can accept typed data that names no contract.',
      fix: 'Remove verifyingContract from "without", or leave out contracts.',
    }),
  ]
}

function findHours(rule: Rule): Finding[] {
  const isAlways = rule.hours?.some(
    ({ days, from, to }) =>
      from === 0 &&
      to === 1440 &&
      (days === undefined || new Set(days).size === 7),
  )
  return isAlways
    ? [
        idle(rule, 'hours', {
          what:
            'hours limits nothing: one of its entries covers the entire ' +
            'week.',
          why: 'A reader may assume that it limits when something is signed.',
          fix: 'Leave it out, or narrow the entry.',
        }),
      ]
    : []
}

function idle(
  rule: Rule,
  member: string,
  words: Pick<Finding, 'what' | 'why' | 'fix'>,
): Finding {
  const path = at(rule, member)
  return {
    code: 'limits-nothing',
    level: 'warning',
    rule: rule.id,
    path,
    ...words,
  }
}
