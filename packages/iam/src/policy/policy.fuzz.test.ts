import fc from 'fast-check'
import { expect, test } from 'vitest'
import { soak } from '../../../../test/support/tools.js'
import { PolicyError } from '../PolicyError.js'
import { type Decision, decide } from './decide.js'
import { ask, evaluate } from './evaluate.js'
import * as Policy from './Policy.js'
import * as RequestContext from './RequestContext.js'

const oneOrMore = (values: string[]) =>
  fc.oneof(fc.constantFrom(...values), fc.subarray(values, { minLength: 1 }))
const roles = ['a', 'b'].map((name) => `arn:aws:iam::000000000000:role/${name}`)
const condition = fc.oneof(
  fc.constant(undefined),
  fc.record({
    StringEquals: fc.record({
      'kms:MessageType': oneOrMore(['RAW', 'DIGEST']),
    }),
  }),
  fc.record({ StringNotLike: fc.constant({ 'kms:Unheard': 'x*' }) }),
  fc.record({ Sounds: fc.constant({ 'kms:MessageType': 'x' }) }),
)
const statementOf = (effect: string) =>
  fc.record({
    Effect: fc.constant(effect),
    Principal: fc.oneof(
      fc.constant('*'),
      fc.record({
        AWS: oneOrMore([
          ...roles,
          'arn:aws:iam::000000000000:root',
          '000000000000',
        ]),
      }),
    ),
    Action: oneOrMore(['kms:*', 'kms:Sign', 'kms:G*', 'lambda:*']),
    Resource: fc.constantFrom(
      '*',
      'arn:aws:kms:*:*:key/*',
      'arn:aws:kms:*:*:key/b',
    ),
    Condition: condition,
  })
const request = fc.record({
  principal: fc.record({
    arn: fc.constantFrom(
      ...roles,
      'arn:aws:sts::000000000000:assumed-role/a/s',
      'arn:aws:iam::000000000000:root',
      'arn:aws:iam::000000000000:user/u',
    ),
    account: fc.constant('000000000000'),
  }),
  action: fc.constantFrom('kms:Sign', 'kms:GetPublicKey'),
  resource: fc.constantFrom(
    'arn:aws:kms:us-east-1:000000000000:key/a',
    'arn:aws:kms:us-east-1:000000000000:key/b',
  ),
  context: fc.record({ 'kms:MessageType': fc.constantFrom('RAW', 'DIGEST') }),
})
const toPolicy = (statements: object[]) =>
  Policy.parse(
    JSON.stringify({ Version: '2012-10-17', Statement: statements }),
    'resource',
  )
const allowed = (decision: Decision) => decision.isAllowed
const allows = fc.array(statementOf('Allow'), { minLength: 1, maxLength: 4 })
const more = fc.array(statementOf('Deny'), { minLength: 1, maxLength: 3 })

test('a Deny never allows, an Allow never denies, and order does not matter', () => {
  fc.assert(
    fc.property(
      request,
      allows,
      more,
      allows,
      (request, first, denies, extra) => {
        const ask = (statements: object[]) =>
          allowed(
            decide(
              request,
              { identity: [], resource: toPolicy(statements) },
              0,
            ),
          )
        const before = ask(first)
        const both = ask([...first, ...denies])
        if (!before) expect(both).toBe(false)
        if (before) expect(ask([...first, ...extra])).toBe(true)
        expect(ask([...denies, ...first].reverse())).toBe(both)
        // A Deny holds regardless of any Allow.
        if (before && !both)
          expect(ask([...extra, ...denies, ...first])).toBe(false)
      },
    ),
    { numRuns: soak ? 5000 : 100 },
  )
})

test('more knowledge never reverses a certain answer', () => {
  const statements = fc.array(
    fc.constantFrom('Allow', 'Deny').chain((effect) => statementOf(effect)),
    { minLength: 1, maxLength: 5 },
  )
  fc.assert(
    fc.property(request, statements, statements, (request, ours, theirs) => {
      const known = RequestContext.create({
        ...request,
        context: { ...request.context, 'kms:Unheard': [] },
      })
      const verdictOf = (context: RequestContext.RequestContext) => {
        const question = { ...request, context }
        const { statements } = toPolicy(ours)
        return evaluate(
          question,
          ask(toPolicy(theirs).statements, question),
          ask(statements, question),
        )
      }
      const verdict = verdictOf(known)
      const less = verdictOf(() => 'unknown')
      expect([verdict, 'unknown']).toContain(less)
      // And the yes-or-no answer follows a certain one.
      const policies = {
        identity: [toPolicy(theirs)],
        resource: toPolicy(ours),
      }
      const { isAllowed } = decide(request, policies, 0)
      if (less !== 'unknown') expect(isAllowed).toBe(less === 'allowed')
    }),
    { numRuns: soak ? 5000 : 100 },
  )
})

test('reading any text gives a policy or a PolicyError', () => {
  const junk = fc.oneof(
    fc.json(),
    fc.string(),
    fc
      .record({
        Version: fc.constantFrom('2012-10-17', '2008-10-17', ''),
        Statement: fc.oneof(
          fc.jsonValue(),
          fc.array(
            fc.record(
              {
                Effect: fc.constantFrom('Allow', 'Deny'),
                Principal: fc.oneof(fc.constant('*'), fc.jsonValue()),
                Action: fc.oneof(fc.constant('kms:*'), fc.jsonValue()),
                Resource: fc.oneof(
                  fc.constant('*'),
                  fc.string(),
                  fc.jsonValue(),
                ),
                Condition: fc.dictionary(
                  fc.constantFrom(
                    'StringLike',
                    'ForAllValues:ArnLike',
                    'Null',
                    'DateEquals',
                    '__proto__',
                  ),
                  fc.jsonValue(),
                ),
              },
              { requiredKeys: [] },
            ),
          ),
        ),
      })
      .map((value) => JSON.stringify(value)),
  )
  fc.assert(
    fc.property(junk, request, (text, request) => {
      let policy: Policy.Policy
      try {
        policy = Policy.parse(text, 'resource')
      } catch (error) {
        expect(error).toBeInstanceOf(PolicyError)
        return
      }
      decide(request, { identity: [], resource: policy }, 0)
    }),
    { numRuns: soak ? 10_000 : 200 },
  )
})
