import {
  type Certainty,
  evaluate,
  type Side,
  Statement,
  silent,
  summarize,
} from '../policy/index.js'
import type { KeyStatement } from './KeyPolicy.js'
import { type Situation, toQuestion } from './Situation.js'

type May = 'no' | 'iam' | 'yes'

/** What a policy says to one request. */
export type Judgement = {
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
 * Judges one request by the statements of a resource's policy: the most that it
 * may come to. The core is asked twice, for a caller that has no IAM policy and
 * for one whose IAM policy allows everything.
 */
export function judge(
  statements: readonly KeyStatement[],
  situation: Situation,
): Judgement {
  const question = toQuestion(situation)
  const found: (Statement.Match & {
    each: KeyStatement
    effect: 'Allow' | 'Deny'
  })[] = []
  for (const each of statements) {
    const match = Statement.match(each.statement, question)
    if (match.holds !== 'no')
      found.push({ each, ...match, effect: each.statement.effect })
  }
  const side = summarize(found)
  const mostOf = (resource: Side): [May, isSure: boolean] => {
    const alone = evaluate(question, silent, resource)
    if (alone !== 'denied') return ['yes', alone === 'allowed']
    const helped = evaluate(question, everything, resource)
    return [helped === 'denied' ? 'no' : 'iam', helped === 'allowed']
  }
  const [may, isSure] = mostOf(side)
  const [mayButForDenies] =
    side.denied === 'no' ? [may] : mostOf({ ...side, denied: 'no' })
  const by = (effect: 'Allow' | 'Deny', isByAccountToo: boolean) =>
    found
      .filter((match) => match.effect === effect)
      .filter(({ isByAccount }) => isByAccountToo || !isByAccount)
      .map(({ each }) => each)
  return {
    ...{ may, mayButForDenies, isSure, isDenied: side.denied },
    allowedBy: by('Allow', mayButForDenies !== 'yes'),
    deniedBy: by('Deny', true),
  }
}

const everything: Side = { ...silent, allowed: 'yes', allowedByAccount: 'yes' }
