import type { Caller } from './Caller.js'
import type { Capability } from './Capability.js'
import { type Judgement, judge, rank } from './judge.js'
import type { KeyFacts } from './KeyFacts.js'
import type { KeyPolicy, KeyStatement } from './KeyPolicy.js'

/** A caller may do more than intended. */
export type Extra = {
  capability: Capability
  caller: Caller
  may: 'iam' | 'yes'
  isSure: boolean
  allowedBy: readonly KeyStatement[]
  actions: readonly string[]
}

/**
 * No statement denies a caller a capability that our policy denies to all but a
 * few.
 */
export type Unguarded = { capability: Capability; caller: Caller }

/** A caller lacks an intended permission. */
export type Missing = {
  caller: Caller
  capability: Capability
  action: string
  deniedBy: readonly KeyStatement[]
}

export type Differences = {
  extra: Extra[]
  /** Access that only a Deny stops and that our policy never allows. */
  latent: Extra[]
  unguarded: Unguarded[]
  missing: Missing[]
}

/**
 * Compares the permissions that a policy gives with the intended ones, by
 * meaning.
 */
export function compare(
  policy: KeyPolicy,
  meant: KeyPolicy,
  parameters: {
    key: KeyFacts
    callers: readonly Caller[]
    capabilities: readonly Capability[]
  },
): Differences {
  const { key, callers, capabilities } = parameters
  const result: Differences = {
    extra: [],
    latent: [],
    unguarded: [],
    missing: [],
  }
  for (const caller of callers)
    for (const capability of capabilities) {
      const rows = capability.requests.map((request) => ({
        action: request.action,
        is: judge(policy.statements, { caller, request, key }),
        should: judge(meant.statements, { caller, request, key }),
      }))
      const extra = rows.filter(
        ({ is, should }) => rank(is.may) > rank(should.may),
      )
      if (extra.length > 0)
        result.extra.push({ capability, caller, ...merge(extra) })
      const latent = rows.filter(
        ({ is, should }) =>
          is.may === 'no' &&
          rank(is.mayButForDenies) > rank(should.mayButForDenies),
      )
      if (latent.length > 0)
        result.latent.push({ capability, caller, ...merge(latent) })
      if (
        rows.some(
          ({ is, should }) =>
            should.isDenied === 'yes' &&
            is.isDenied !== 'yes' &&
            is.may === 'no',
        )
      )
        result.unguarded.push({ capability, caller })
      if (caller.name !== undefined)
        for (const [action, of] of groupByAction(rows))
          if (
            of.some(({ should }) => should.may === 'yes') &&
            of.every(({ is, should }) => should.may === 'no' || is.may === 'no')
          )
            result.missing.push({
              ...{ caller, capability, action },
              deniedBy: unique(of.flatMap(({ is }) => is.deniedBy)),
            })
    }
  return result
}

type Row = { action: string; is: Judgement; should: Judgement }

function merge(
  rows: readonly Row[],
): Pick<Extra, 'may' | 'isSure' | 'allowedBy' | 'actions'> {
  return {
    may: rows.some(({ is }) => is.may === 'yes') ? 'yes' : 'iam',
    isSure: rows.some(({ is }) => is.isSure),
    allowedBy: unique(rows.flatMap(({ is }) => is.allowedBy)),
    actions: unique(rows.map(({ action }) => action)),
  }
}

function groupByAction(rows: readonly Row[]): Map<string, Row[]> {
  const groups = new Map<string, Row[]>()
  for (const row of rows)
    groups.set(row.action, [...(groups.get(row.action) ?? []), row])
  return groups
}

export function unique<item>(items: readonly item[]): item[] {
  return [...new Set(items)]
}
