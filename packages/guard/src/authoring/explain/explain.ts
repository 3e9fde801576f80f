import { names as dangerNames, dangers } from '../../actions/Danger.js'
import { formatWindow } from '../../evaluate/format.js'
import type { Policy, Rule, Window } from '../../policy/Policy.js'
import { formatPeriod } from '../../windows/formatPeriod.js'
import { explainRule, type Row } from './explainRule.js'

/** A policy in plain words, for auditors. */
export type Explanation = {
  readonly name: string
  readonly mode: 'enforce' | 'shadow'
  readonly rules: readonly ExplainedRule[]
  readonly windows: readonly Row[]
  /** Actions that no rule allows, for any caller. */
  readonly never: readonly string[]
}

export type ExplainedRule = Pick<Rule, 'id' | 'effect' | 'mode'> & {
  readonly rows: readonly Row[]
}

/**
 * Explains who may do what within which limits, and which actions no rule
 * allows.
 */
export function explain(policy: Policy): Explanation {
  const { name, mode, rules, windows } = policy
  return {
    ...{ name, mode },
    rules: rules.map((rule) => ({
      ...{ id: rule.id, effect: rule.effect, mode: rule.mode },
      rows: explainRule(policy, rule),
    })),
    windows: [...windows.values()].map((one) => [
      one.id,
      windowText(policy, one),
    ]),
    never: neverOf(policy),
  }
}

function windowText(policy: Policy, window: Window): string {
  const { chain, length, limit, per } = window
  const apart = per.length === 0 ? '' : `, counted per ${per.join(' and ')}`
  const where = chain === undefined ? '' : ` on chain ${chain}`
  const users = policy.rules
    .filter(({ windows }) => windows.includes(window))
    .map(({ id }) => id)
  const by = users.length === 0 ? 'no rule' : users.join(', ')
  return (
    `at most ${formatWindow(policy, window, limit)}${where} ` +
    `${formatPeriod(length)}${apart}; used by ${by}`
  )
}

const kinds = {
  payment: 'plain payments',
  call: 'contract calls',
  create: 'new contracts',
  typedData: 'typed data (EIP-712)',
  message: 'messages (EIP-191)',
  authorization: 'authorizations (EIP-7702), which hand over the account',
  digest: 'bare digests, which nobody can read',
} as const

/** Messages that are really something else. */
const disguises = {
  hash: 'messages that are hashes',
  transaction: 'messages that are transactions',
  'typed-data-hash': 'messages that are hashes of typed data',
} as const

function neverOf({ rules }: Policy): string[] {
  const allowing = rules.filter(
    ({ effect, mode }) => effect === 'allow' && mode === 'enforce',
  )
  const isAbout = (kind: string) =>
    allowing.some(({ what }) => what?.kind === kind)
  const messages = allowing.flatMap(({ what }) =>
    what?.kind === 'message' ? what.kinds : [],
  )
  const opened = new Set(allowing.flatMap((rule) => rule.dangers ?? []))
  return [
    ...Object.entries(kinds).flatMap(([kind, words]) =>
      isAbout(kind) ? [] : [words],
    ),
    ...(['eip4844', 'eip7702'] as const).flatMap((type) =>
      allowing.some(({ types }) => types?.includes(type))
        ? []
        : [`transactions of type ${type}`],
    ),
    ...Object.entries(disguises).flatMap(([kind, words]) =>
      isAbout('message') && !messages.includes(kind as never) ? [words] : [],
    ),
    ...dangerNames.flatMap((danger) =>
      opened.has(danger)
        ? []
        : [`anything that ${dangers[danger]} (${danger})`],
    ),
  ]
}
