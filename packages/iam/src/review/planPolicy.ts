import {
  type KeyPolicyDocument,
  type KeyPolicyStatement,
  keyPolicyDocument,
} from '../key-policy/index.js'
import type { Caller } from './Caller.js'
import * as Capability from './Capability.js'
import { checkPolicy, type Meant } from './checkPolicy.js'
import { collectCallers } from './collectCallers.js'
import { unique } from './compare.js'
import { describeStatement } from './describePolicy.js'
import { isClear } from './findUnclear.js'
import { judge, rank } from './judge.js'
import { type KeyFacts, rootArn } from './KeyFacts.js'
import * as KeyPolicy from './KeyPolicy.js'

type Json = Readonly<Record<string, unknown>>

export type PolicyPlan = {
  document: { Version: '2012-10-17'; Statement: Json[] }
  /** False if the policy stays unchanged. */
  isChange: boolean
  changes: PolicyChange[]
  /** Callers that would gain a dangerous permission. */
  gains: { arn: string; may: string }[]
}

export type PolicyChange = {
  change: 'add' | 'keep' | 'remove'
  /** The statement in one sentence. */
  words: string
  statement: Json
}

/**
 * Plans the policy that fixes what {@link checkPolicy} finds. The result is the
 * strict policy, plus anything in the current policy that narrows it further:
 * conditions of time and place on intended permissions, and Denies that affect
 * no intended permission.
 */
export function planPolicy(
  policy: KeyPolicy.KeyPolicy,
  meant: Meant,
  key: KeyFacts,
): PolicyPlan {
  const strict = keyPolicyDocument(meant.roles, rootArn(key))
  const current = policy.statements.map(({ json }) => json)
  const isSound = checkPolicy(policy, meant, key).every(({ code }) =>
    ['multi-region', 'no-administrator'].includes(code),
  )
  const statements = isSound ? current : mend(policy, strict, key)
  const changes = diff(
    [...current, ...policy.unread.map(({ json }) => json)].map(toObject),
    statements,
  )
  const next = KeyPolicy.fromDocument({
    Version: '2012-10-17',
    Statement: statements,
  })
  return {
    document: { Version: '2012-10-17', Statement: statements },
    isChange: changes.some(({ change }) => change !== 'keep'),
    changes,
    gains: findGains(policy, next, meant, key),
  }
}

function mend(
  policy: KeyPolicy.KeyPolicy,
  strict: KeyPolicyDocument,
  key: KeyFacts,
): Json[] {
  const ours = KeyPolicy.fromDocument(strict)
  const situations = listSituations([policy, ours], key)
  const extra = policy.statements.filter(
    (each) =>
      isClear(each) &&
      (each.json.Effect === 'Deny'
        ? isFurtherDeny(each, ours, situations)
        : isNarrower(each, ours, situations)),
  )
  const narrowed = extra.filter(({ json }) => json.Effect === 'Allow')
  const taken = new Set<string>(strict.Statement.map(({ Sid }) => Sid))
  return [
    ...strict.Statement.flatMap((statement) =>
      withoutNarrowed(statement, narrowed, situations),
    ),
    ...extra.map(({ json }) => {
      const { Sid, ...rest } = json
      if (typeof Sid !== 'string' || !taken.has(Sid)) return json
      let n = 2
      while (taken.has(`${Sid}${n}`)) n += 1
      taken.add(`${Sid}${n}`)
      return { Sid: `${Sid}${n}`, ...rest }
    }),
  ]
}

type Situation = Parameters<typeof judge>[1]

function listSituations(
  policies: readonly KeyPolicy.KeyPolicy[],
  key: KeyFacts,
): Situation[] {
  const requests = Capability.all(key, {
    minimumDeletionWindowDays: 30,
    importExpiration: 'any',
  }).flatMap((capability) => capability.requests)
  return collectCallers(policies, key).flatMap((caller) =>
    requests.map((request) => ({ caller, request, key })),
  )
}

/**
 * Whether a statement allows no more than our policy, and some of it only under
 * a condition.
 */
function isNarrower(
  statement: KeyPolicy.KeyStatement,
  ours: KeyPolicy.KeyPolicy,
  situations: readonly Situation[],
): boolean {
  let isConditional = false
  for (const situation of situations) {
    const { may, isSure } = judge([statement], situation)
    if (may === 'no') continue
    if (rank(may) > rank(judge(ours.statements, situation).may)) return false
    if (!isSure) isConditional = true
  }
  return isConditional
}

/**
 * Whether a statement denies something that our policy doesn't deny, but
 * nothing that is intended.
 */
function isFurtherDeny(
  statement: KeyPolicy.KeyStatement,
  ours: KeyPolicy.KeyPolicy,
  situations: readonly Situation[],
): boolean {
  let isFurther = false
  for (const situation of situations) {
    const { isDenied } = judge([statement], situation)
    if (isDenied === 'no') continue
    const should = judge(ours.statements, situation)
    if (isDenied === 'yes' && should.may === 'yes') return false
    if (should.isDenied !== 'yes') isFurther = true
  }
  return isFurther
}

/**
 * Removes principals from our statements if a kept statement gives them the
 * same permissions.
 */
function withoutNarrowed(
  statement: KeyPolicyStatement,
  narrowed: readonly KeyPolicy.KeyStatement[],
  situations: readonly Situation[],
): Json[] {
  if (statement.Effect === 'Deny' || narrowed.length === 0) return [statement]
  const own = KeyPolicy.fromDocument({
    Version: '2012-10-17',
    Statement: [statement],
  }).statements
  const names = [statement.Principal.AWS].flat()
  const left = names.filter((arn) => {
    const of = situations.filter(
      (each) => each.caller.name === arn && judge(own, each).may !== 'no',
    )
    return !of.every((each) => judge(narrowed, each).may !== 'no')
  })
  if (left.length === names.length) return [statement]
  const [only, ...more] = left
  if (only === undefined) return []
  return [{ ...statement, Principal: { AWS: more.length === 0 ? only : left } }]
}

function diff(before: readonly Json[], after: readonly Json[]): PolicyChange[] {
  const left = new Map(before.map((each) => [normal(each), each]))
  const changes: PolicyChange[] = after.map((statement) => {
    const isKept = left.delete(normal(statement))
    return {
      change: isKept ? 'keep' : 'add',
      words: describeStatement(statement),
      statement,
    }
  })
  return [
    ...[...left.values()].map((statement) => ({
      change: 'remove' as const,
      words: describeStatement(statement),
      statement,
    })),
    ...changes,
  ]
}

/**
 * Returns the same text for statements that differ only in the order of lists.
 */
export function normal(value: unknown): string {
  return JSON.stringify(sorted(value))
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(sorted)
    const [only] = items
    if (items.length === 1) return only
    return items.sort((a, b) =>
      JSON.stringify(a) < JSON.stringify(b) ? -1 : 1,
    )
  }
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, of]) => [name, sorted(of)]),
    )
  return typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : value
}

const grave = ['sign', 'change-policy', 'import', 'delete', 'delete-material']

function findGains(
  before: KeyPolicy.KeyPolicy,
  after: KeyPolicy.KeyPolicy,
  meant: Meant,
  key: KeyFacts,
): PolicyPlan['gains'] {
  const may = (
    policy: KeyPolicy.KeyPolicy,
    caller: Caller,
    { requests }: Capability.Capability,
  ) =>
    requests.some(
      (request) =>
        judge(policy.statements, { caller, request, key }).may !== 'no',
    )
  const capabilities = Capability.all(key, meant.roles).filter(({ code }) =>
    grave.includes(code),
  )
  return collectCallers([before, after], key).flatMap((caller) =>
    capabilities
      .filter((each) => may(after, caller, each) && !may(before, caller, each))
      .map((each) => ({ arn: caller.name ?? '', may: each.may })),
  )
}

function toObject(json: unknown): Json {
  return typeof json === 'object' && json !== null ? (json as Json) : {}
}

/** The changed and kept statements of a plan, one per line. */
export function planText({ changes }: PolicyPlan): string {
  const mark = { add: '+', keep: ' ', remove: '-' }
  return unique(
    changes.map(({ change, words, statement }) => {
      const { Sid } = statement
      const name = typeof Sid === 'string' ? `${Sid}: ` : ''
      return `${mark[change]} ${name}${words}`
    }),
  ).join('\n')
}
