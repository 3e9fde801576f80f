import { Certainty, PrincipalElement, Statement } from '../policy/index.js'
import type { Caller } from './Caller.js'
import { evaluateCondition, type Situation } from './evaluateCondition.js'
import type { KeyStatement } from './KeyPolicy.js'

type May = 'no' | 'iam' | 'yes'

/** What a policy says to one request. */
export type Verdict = {
  /**
   * `yes`: by this policy alone. `iam`: if an IAM policy of the caller's own
   * allows it too. Where a condition can't be judged it is taken to hold.
   */
  may: May
  /** The same if there were no Deny. */
  mayButForDenies: May
  /** No condition had to be taken to hold. */
  isSure: boolean
  /** Whether a Deny stops it whatever else allows it, a grant too. */
  isDenied: Certainty.Certainty
  allowedBy: readonly KeyStatement[]
  /** Also what may deny it, under a condition. */
  deniedBy: readonly KeyStatement[]
}

export function rank(may: May): number {
  return { no: 0, iam: 1, yes: 2 }[may]
}

/**
 * Judges one request by the statements of a key's policy: the most that it may
 * come to. An Allow counts where it may apply, a Deny where it surely does.
 */
export function weigh(
  statements: readonly KeyStatement[],
  situation: Situation,
): Verdict {
  const { caller } = situation
  const allows: Found[] = []
  const denies: Found[] = []
  for (const each of statements) {
    const { effect } = each.statement
    const named = names(each.statement, caller)
    if (named === 'no') continue
    const holds = Certainty.all([
      named === 'unknown' ? 'unknown' : 'yes',
      applies(each.statement, situation),
    ])
    if (holds === 'no') continue
    const found = { each, holds, byAccount: named === 'account' }
    if (effect === 'Allow') allows.push(found)
    else denies.push(found)
  }
  const isDenied = Certainty.some(denies.map(({ holds }) => holds))
  const isForeign =
    caller.kind !== 'service' && caller.account !== situation.key.account
  const alone = isForeign ? [] : allows.filter(({ byAccount }) => !byAccount)
  const best = alone.length > 0 ? alone : allows
  const mayButForDenies =
    best.length === 0 ? 'no' : alone.length > 0 ? 'yes' : 'iam'
  return {
    may: isDenied === 'yes' ? 'no' : mayButForDenies,
    mayButForDenies,
    isSure: isDenied === 'no' && best.some(({ holds }) => holds === 'yes'),
    isDenied,
    allowedBy: best.map(({ each }) => each),
    deniedBy: denies.map(({ each }) => each),
  }
}

type Found = {
  each: KeyStatement
  holds: Certainty.Certainty
  byAccount: boolean
}

/** How far a statement applies, apart from whom it names. */
function applies(
  statement: Statement.Statement,
  situation: Situation,
): Certainty.Certainty {
  const place = placeOf(statement, situation)
  if (place === 'no') return place
  return Certainty.all([
    place,
    ...statement.conditions.map((each) => evaluateCondition(each, situation)),
  ])
}

// The same for every caller, and asked for each.
const places = new WeakMap<
  Statement.Statement,
  Map<string, Certainty.Certainty>
>()

/** Whether a statement is about the operation and the key. */
function placeOf(
  statement: Statement.Statement,
  { probe, key }: Situation,
): Certainty.Certainty {
  const known = places.get(statement) ?? new Map<string, Certainty.Certainty>()
  places.set(statement, known)
  const action = `${probe.service ?? 'kms'}:${probe.action}`
  const id = `${action} ${key.arn}`
  const place =
    known.get(id) ??
    Statement.applies(
      { ...statement, conditions: [] },
      { action, resource: key.arn },
      () => 'unknown',
    )
  known.set(id, place)
  return place
}

/**
 * Whether a statement names the caller, itself or as one of an account. AWS
 * leaves open whether NotPrincipal spares a session when its role is named
 * alone: an Allow then includes it, and a Deny may not.
 */
function names(
  { principal, effect }: Statement.Statement,
  { principal: caller }: Caller,
): 'no' | 'account' | 'yes' | 'unknown' {
  if (!principal) return 'yes'
  const match = PrincipalElement.match(principal.value, caller)
  if (!principal.isNot)
    return match === 'direct' ? 'yes' : match === 'none' ? 'no' : match
  if (match !== 'direct') return 'yes'
  if (effect === 'Allow') return 'no'
  return PrincipalElement.isSpared(principal.value, caller) ? 'no' : 'unknown'
}
