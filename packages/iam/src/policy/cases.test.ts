import { describe, expect, test } from 'vitest'
import { PolicyError } from '../PolicyError.js'
import { type Ask, type Case, defaults } from './cases/Fact.js'
import { facts } from './cases.js'
import { decide } from './decide.js'
import { ask, evaluate, silent } from './evaluate.js'
import * as Policy from './Policy.js'
import * as RequestContext from './RequestContext.js'

for (const [about, list] of Object.entries(facts))
  describe(about, () => {
    for (const { page, says, cases, twins } of list)
      describe(`${says} (${page})`, () => {
        test.each(name(cases))('%s', (_, each) => {
          expect(answer(each.ask)).toBe(each.is)
          assertProjection(each)
          assertMirror(each)
        })
        test.each(name(twins))('not so: %s', (_, each) => {
          expect(answer(each.ask)).toBe(each.is)
          expect(each.is).not.toBe(cases[0]?.is)
          assertProjection(each)
          assertMirror(each)
        })
      })
  })

test('there are enough facts and near misses', () => {
  const all = Object.values(facts).flat()
  const count = (of: 'cases' | 'twins') => all.flatMap((fact) => fact[of])
  expect([...count('cases'), ...count('twins')].length).toBeGreaterThan(300)
  expect(count('twins').length).toBeGreaterThan(150)
  expect(new Set(all.map(({ says }) => says)).size).toBe(all.length)
})

function name(cases: readonly Case[]): [string, Case][] {
  return cases.map((each) => [
    `${each.is}: ${JSON.stringify({ ...each.ask, by: each.ask.by?.arn })}`,
    each,
  ])
}

function answer(given: Ask): Case['is'] {
  try {
    const { question, identity, resource } = read(given)
    return evaluate(
      question,
      // A service has no policies of its own.
      question.principal.service === undefined
        ? ask(identity.statements, question)
        : silent,
      resource && ask(resource.statements, question),
    )
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error
    return 'refused'
  }
}

function read(given: Ask) {
  const { by, action, resource, context = {} } = { ...defaults, ...given }
  const request = { principal: by, action, resource, context }
  const document = (Statement: readonly object[]) =>
    JSON.stringify({ Version: given.version ?? '2012-10-17', Statement })
  const kind = action === 'sts:AssumeRole' ? 'trust' : 'resource'
  const none = { statements: [] }
  return {
    request,
    question: { ...request, context: RequestContext.create(request) },
    identity:
      given.text !== undefined || given.identity
        ? Policy.parse(given.text ?? document(given.identity ?? []), 'identity')
        : none,
    resource: given.policy && Policy.parse(document(given.policy), kind),
  }
}

/**
 * The yes-or-no answer never differs from a certain one, and never guesses a
 * yes.
 */
function assertProjection({ ask: given, is }: Case): void {
  if (is === 'refused') return
  const { request, identity, resource } = read(given)
  // The home knows more than the question.
  const decision = decide(request, { identity: [identity], resource }, 0)
  if (is !== 'unknown') expect(decision.isAllowed).toBe(is === 'allowed')
}

/**
 * A condition that lets an Allow apply also lets a Deny apply, and vice versa.
 */
function assertMirror({ ask: given, is }: Case): void {
  const [only, ...more] = given.identity ?? []
  if (!only || !('Condition' in only) || more.length > 0 || given.policy) return
  const mirrored = answer({
    ...given,
    identity: [
      { Effect: 'Allow', Action: '*', Resource: '*' },
      { ...only, Effect: 'Deny' },
    ],
  })
  const opposite = { allowed: 'denied', denied: 'allowed' } as const
  expect(mirrored).toBe(is === 'allowed' || is === 'denied' ? opposite[is] : is)
}
