import {
  Fields,
  InvalidRequestError,
  type Parser,
  Problems,
} from '@keyward/core'
import { evaluate } from '../evaluate/evaluate.js'
import type { Policy } from '../policy/Policy.js'
import { oneOf } from '../policy/parse/values.js'
import { readQuestion } from '../wire/readQuestion.js'
import { type Answer, toAnswer } from '../wire/toAnswer.js'

/** The decision that a policy is expected to make. */
export type Case = {
  readonly name: string
  /** As for `readQuestion`. */
  readonly question: unknown
  readonly expect: 'allow' | 'deny'
  /** The rule that must decide, if it matters. */
  readonly rule: string | null | undefined
}

export type CaseResult = {
  readonly name: string
  readonly ok: boolean
  /** The difference from the expectation, in words. */
  readonly problem: string | undefined
  readonly answer: Answer | undefined
}

/** Maximum number of cases in a file. */
const maxCases = 10_000

/**
 * Reads cases: a JSON array of `{ name, request, caller, account, facts,
 * expect, rule }`.
 *
 * @throws InvalidRequestError
 */
export function readCases(value: unknown): Case[] {
  const problems = Problems.create('list of cases')
  const cases = Fields.list(readCase, maxCases)(value, 'cases', problems)
  problems.assertNone()
  return cases ?? []
}

const readCase: Parser<Case> = (value, path, problems) => {
  const asked = ['request', 'caller', 'account', 'facts']
  const fields = Fields.open(
    value,
    ['name', ...asked, 'expect', 'rule'],
    path,
    problems,
  )
  if (fields === undefined) return undefined
  const name = fields.required('name', text)
  const expected = fields.required('expect', oneOf(['allow', 'deny'] as const))
  const rule =
    fields.raw('rule') === null ? null : fields.optional('rule', text)
  if (!fields.has('request')) problems.add(fields.path('request'), 'is missing')
  return {
    name: name ?? '',
    question: Object.fromEntries(
      asked
        .filter((member) => fields.has(member))
        .map((member) => [member, fields.raw(member)]),
    ),
    expect: expected ?? 'deny',
    rule,
  }
}

const text: Parser<string> = (value, path, problems) =>
  typeof value === 'string' && value !== ''
    ? value
    : problems.wrong(path, value, 'a string')

/**
 * Asks the policy and compares. An unreadable request always makes the case
 * fail, because a mistyped request would test nothing.
 *
 * @param now - In ms since 1970, if the case has no time.
 */
export function runCase(policy: Policy, given: Case, now: number): CaseResult {
  const { name, expect } = given
  let answer: Answer
  try {
    const { request, subject, facts } = readQuestion(given.question, now)
    answer = toAnswer(evaluate(policy, request, subject, facts))
  } catch (error) {
    return {
      ...{ name, ok: false, answer: undefined },
      problem: `the case is invalid: ${textOf(error)}`,
    }
  }
  const isExpected = answer.decision === expect
  const isRule = given.rule === undefined || given.rule === answer.rule
  const by = (rule: string | null) =>
    rule === null ? 'no rule' : `rule ${rule}`
  const problem = !isExpected
    ? `expected ${expect}, got ${answer.decision}`
    : isRule
      ? undefined
      : `expected ${by(given.rule ?? null)}, got ${by(answer.rule)}`
  return { name, ok: isExpected && isRule, problem, answer }
}

const textOf = (error: unknown) =>
  error instanceof InvalidRequestError
    ? error.problems
        .map(({ path, problem }) => `${path || 'the request'} ${problem}`)
        .join('; ')
    : (error as Error).message
