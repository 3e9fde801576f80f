import { describe, expect, test } from 'vitest'
import { assertEnforceable } from './assertEnforceable.js'
import {
  alice,
  allow,
  allowAll,
  aws,
  carol,
  deny,
  key,
  lambda,
} from './cases/Fact.js'
import { decide } from './decide.js'
import { evaluate, type Side } from './evaluate.js'
import * as Policy from './Policy.js'
import type { Principal } from './Principal.js'

const parse = (kind: Policy.PolicyKind, ...Statement: object[]) =>
  Policy.parse(JSON.stringify({ Version: '2012-10-17', Statement }), kind)

function judge(
  identity: object[],
  resource: object[] | undefined,
  { by = alice as Principal, action = 'kms:Sign', on = key } = {},
) {
  const request = { principal: by, action, resource: on, context: {} }
  return decide(
    request,
    {
      identity: [parse('identity', ...identity)],
      resource: resource && parse('resource', ...resource),
    },
    0,
  )
}

const refused = (isExplicit: boolean, by: 'identity' | 'resource') => ({
  isAllowed: false,
  isExplicit,
  by,
})
const denyAll = { ...allowAll, Effect: 'Deny' }
const nothing = { ...allowAll, Action: 'kms:Verify' }
const byAlice = allow(aws(alice.arn))
const table = key.replace(':kms:', ':dynamodb:')

describe('the reason of a decision', () => {
  test('is absent for an Allow', () => {
    expect(judge([allowAll], [byAlice])).toEqual({ isAllowed: true })
    expect(judge([nothing], [byAlice])).toEqual({ isAllowed: true })
  })

  test('names a Deny, that of the caller first', () => {
    expect(judge([denyAll], [byAlice])).toEqual(refused(true, 'identity'))
    expect(judge([denyAll], [byAlice, deny('*')])).toEqual(
      refused(true, 'identity'),
    )
    expect(judge([allowAll], [byAlice, deny('*')])).toEqual(
      refused(true, 'resource'),
    )
  })

  test('counts a Deny that may hold', () => {
    const Condition = { StringEquals: { 'x:unknown': 'a' } }
    const ask = { action: 'x:Do', on: table }
    expect(
      judge([allowAll, { ...denyAll, Condition }], undefined, ask),
    ).toEqual(refused(true, 'identity'))
  })

  test('names the side that lacks an Allow', () => {
    expect(judge([allowAll], [allow(aws(carol.arn))])).toEqual(
      refused(false, 'resource'),
    )
    const root = allow(aws(alice.arn.replace('user/alice', 'root')))
    expect(judge([nothing], [root])).toEqual(refused(false, 'identity'))
    const ask = { action: 'dynamodb:GetItem', on: table }
    expect(judge([nothing], undefined, ask)).toEqual(refused(false, 'identity'))
    // A key without a policy denies nothing.
    expect(judge([nothing], undefined)).toEqual(refused(false, 'identity'))
    const none = [allow(aws(carol.arn), { Action: 'dynamodb:*' })]
    expect(judge([nothing], none, ask)).toEqual(refused(false, 'identity'))
  })

  test('requires an Allow on both sides across accounts', () => {
    const ask = { by: carol, action: 'dynamodb:GetItem', on: table }
    expect(judge([allowAll], undefined, ask)).toEqual(
      refused(false, 'resource'),
    )
    const open = [allow(aws(carol.arn), { Action: 'dynamodb:*' })]
    expect(judge([nothing], open, ask)).toEqual(refused(false, 'identity'))
    expect(judge([allowAll], open, ask)).toEqual({ isAllowed: true })
  })

  test('ignores identity policies of a service', () => {
    const ask = { by: lambda, action: 'dynamodb:GetItem', on: table }
    expect(judge([denyAll], undefined, ask)).toEqual(refused(false, 'resource'))
    const open = allow({ Service: lambda.service }, { Action: 'dynamodb:*' })
    expect(judge([denyAll], [open], ask)).toEqual({ isAllowed: true })
  })
})

test("a service's own policy never allows it, even if one is given", () => {
  const side = {
    denied: 'no',
    allowed: 'yes',
    allowedByAccount: 'yes',
  } as const
  const byAccount = { ...side, allowed: 'no' } as const
  const of = (action: string, resource: Side | undefined) =>
    evaluate({ principal: lambda, action, resource: key }, side, resource)
  expect(of('kms:Sign', undefined)).toBe('denied')
  expect(of('kms:Sign', byAccount)).toBe('denied')
  expect(of('kms:Sign', side)).toBe('allowed')
  expect(of('dynamodb:GetItem', byAccount)).toBe('denied')
})

test('an unknown operator is refused when the policy is attached', () => {
  const unknown = { StringEqual: { 'a:b': 'c' } }
  const known = { StringEquals: { 'a:b': 'c' } }
  const policy = (Condition: object) =>
    parse('identity', allowAll, { ...allowAll, Condition })
  expect(() => assertEnforceable(policy(known))).not.toThrow()
  expect(() => assertEnforceable(policy({ ...known, ...unknown }))).toThrow(
    'The local home doesn\'t support the condition operator "StringEqual".',
  )
})
