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

/** A policy's answer to one request. */
export type Judgement = {
  /**
   * `yes` means that this policy alone allows the request; `iam`, that the
   * caller's own IAM policy must allow it too. A condition that can't be judged
   * is assumed to hold.
   */
  may: May
  /** Like `may`, but ignoring every Deny. */
  mayButForDenies: May
  /** Whether no condition had to be assumed to hold. */
  isSure: boolean
  /**
   * Whether a Deny stops it even if something else, such as a grant, allows it.
   */
  isDenied: Certainty.Certainty
  allowedBy: readonly KeyStatement[]
  /**
   * The denying statements, including those that may deny it under a condition.
   */
  deniedBy: readonly KeyStatement[]
}

export function rank(may: May): number {
  return { no: 0, iam: 1, yes: 2 }[may]
}

/**
 * Judges one request by the statements of a resource's policy. The result is
 * the most that the policy may allow. It evaluates twice: for a caller without
 * an IAM policy, and for one whose IAM policy allows everything.
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
