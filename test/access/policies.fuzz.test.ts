import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decide } from '../../packages/iam/src/policy/decide.js'
import * as Policy from '../../packages/iam/src/policy/Policy.js'
import { checkPolicy } from '../../packages/iam/src/review/checkPolicy.js'
import { inferRoles } from '../../packages/iam/src/review/inferRoles.js'
import * as KeyFacts from '../../packages/iam/src/review/KeyFacts.js'
import * as KeyPolicy from '../../packages/iam/src/review/KeyPolicy.js'
import { planPolicy } from '../../packages/iam/src/review/planPolicy.js'
import { whoCan } from '../../packages/iam/src/review/whoCan.js'
import { soak } from '../support/tools.js'
import { account, type Json, roles, rootArn, strict } from './weaknesses.js'

// The local home decides each request by an evaluator that knows the whole of
// it. Whatever that lets a stranger do, the check must have told.
const key = KeyFacts.fromArn(
  'arn:aws:kms:us-east-1:000000000000:key/1234abcd-12ab-34cd-56ef-1234567890ab',
  { origin: 'EXTERNAL', multiRegion: false },
)
const arn = (name: string, of = account) => `arn:aws:iam::${of}:${name}`
const [admin = ''] = roles.administrators
const [signer = ''] = roles.users

const pick = <item>(...items: item[]) => fc.constantFrom(...items)
const some = (...items: string[]) =>
  fc.oneof(pick(...items), fc.subarray(items, { minLength: 1 }))

const principals = some(
  signer,
  admin,
  rootArn,
  account,
  '*',
  arn('role/stranger'),
  arn('user/alice'),
  arn('role/a-b', '999999999999'),
  '999999999999',
  'AROAJQABLZS4A3QDU576Q',
  `arn:aws:sts::${account}:assumed-role/stranger/session`,
)
const principal = fc.oneof(
  pick<unknown>('*'),
  principals.map((AWS) => ({ AWS })),
  pick('events.amazonaws.com').map((Service) => ({ Service })),
)
const action = some(
  'kms:*',
  '*',
  'kms:Sign',
  'kms:S*',
  'kms:?ign',
  'kms:PutKeyPolicy',
  'kms:Put*',
  'kms:CreateGrant',
  'kms:Create*',
  'kms:ScheduleKeyDeletion',
  'kms:Describe*',
  'KMS:SIGN',
)
const arnPattern = some(
  signer,
  admin,
  rootArn,
  arn('role/stranger'),
  arn('role/str*'),
  arn('role/*r'),
  arn('role/*'),
  arn('user/*'),
  'arn:aws:iam::*:role/a-?',
  'arn:aws:iam::9*:role/*',
)
const operator = (name: string) =>
  fc
    .tuple(
      pick('', '', '', 'ForAllValues:', 'ForAnyValue:'),
      pick('', '', 'Not'),
      pick('', '', 'IfExists'),
    )
    .map(
      ([prefix, not, suffix]) =>
        `${prefix}${name.replace(/(Equals|Like)/, `${not}$1`)}${suffix}`,
    )
const condition = (name: string, key: string, values: fc.Arbitrary<unknown>) =>
  fc
    .tuple(operator(name), values)
    .map(([operator, value]) => ({ [operator]: { [key]: value } }))
const conditions = fc.oneof(
  { weight: 3, arbitrary: fc.constant(undefined) },
  condition('ArnLike', 'aws:PrincipalArn', arnPattern),
  condition('ArnEquals', 'AWS:principalARN', arnPattern),
  condition('StringLike', 'aws:PrincipalArn', arnPattern),
  condition('StringEquals', 'aws:PrincipalArn', arnPattern),
  condition('StringEqualsIgnoreCase', 'aws:PrincipalArn', arnPattern),
  condition(
    'StringLike',
    'aws:PrincipalAccount',
    some(account, '999999999999', '9*', '*'),
  ),
  condition('StringEquals', 'kms:CallerAccount', some(account, '888888888888')),
  condition('StringEquals', 'aws:username', some('alice', 'bob')),
  condition('StringEquals', 'aws:PrincipalType', some('User', 'AssumedRole')),
  condition('StringEquals', 'kms:MessageType', some('RAW', 'DIGEST')),
  condition('StringEquals', 'aws:PrincipalTag/team', some('x')),
  condition('StringEquals', 'aws:SourceVpce', some('vpce-1')),
  condition('StringLike', 'aws:userid', some('AROA*', '*')),
  pick(
    { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
    { Bool: { 'kms:BypassPolicyLockoutSafetyCheck': 'false' } },
    { Bool: { 'aws:PrincipalIsAWSService': 'false' } },
    { Null: { 'aws:PrincipalArn': 'false' } },
    { Null: { 'kms:MessageType': 'true' } },
    { Null: { 'aws:SourceVpce': 'true' } },
    {
      NumericLessThan: { 'kms:ScheduleKeyDeletionPendingWindowInDays': 10 },
    },
    { DateGreaterThan: { 'aws:CurrentTime': '2020-01-01' } },
    {
      StringEquals: { 'aws:PrincipalAccount': account },
      ArnLike: { 'aws:PrincipalArn': arn('role/*a*') },
    },
  ),
)
const statement: fc.Arbitrary<Json> = fc
  .record({
    Effect: pick('Allow', 'Allow', 'Deny'),
    who: fc.tuple(pick('Principal', 'Principal', 'NotPrincipal'), principal),
    what: fc.tuple(pick('Action', 'Action', 'NotAction'), action),
    where: fc.tuple(
      pick('Resource', 'Resource', 'Resource', 'NotResource'),
      some('*', key.arn, 'arn:aws:kms:*:*:key/other', 'arn:aws:kms:*'),
    ),
    Condition: conditions,
  })
  .map(({ Effect, who, what, where, Condition }) => ({
    Effect,
    [who[0]]: who[1],
    [what[0]]: what[1],
    [where[0]]: where[1],
    ...(Condition !== undefined && { Condition }),
  }))
/** Strict but for some statements that are missing, and others that are new. */
const policy = fc
  .tuple(
    fc.array(fc.nat({ max: 20 }), { maxLength: 4 }),
    fc.array(statement, { minLength: 1, maxLength: 4 }),
    fc.boolean(),
  )
  .map(([dropped, planted, alone]) => ({
    Version: '2012-10-17',
    Statement: [
      ...(alone
        ? []
        : strict().Statement.filter((_, i) => !dropped.includes(i))),
      ...planted,
    ],
  }))

const session = (roleArn: string, of = account) => ({
  arn: `arn:aws:sts::${of}:assumed-role/${roleArn.split('/').at(-1)}/session`,
  account: of,
  roleArn,
})
const strangers = [
  session(arn('role/stranger')),
  session(arn('role/starter')),
  session(arn('role/path/a-a')),
  session(arn('role/zzz')),
  { arn: arn('user/alice'), account },
  { arn: arn('user/bob'), account },
  session(arn('role/a-b', '999999999999'), '999999999999'),
  session(arn('role/a-c', '987654321098'), '987654321098'),
  { arn: arn('user/x', '888888888888'), account: '888888888888' },
  {
    arn: 'events.amazonaws.com',
    account: '',
    service: 'events.amazonaws.com',
  },
]
const grave: [action: string, context: Record<string, string>][] = [
  [
    'kms:Sign',
    { 'kms:MessageType': 'DIGEST', 'kms:SigningAlgorithm': 'ECDSA_SHA_256' },
  ],
  [
    'kms:Sign',
    { 'kms:MessageType': 'RAW', 'kms:SigningAlgorithm': 'ECDSA_SHA_256' },
  ],
  ['kms:PutKeyPolicy', { 'kms:BypassPolicyLockoutSafetyCheck': 'false' }],
  ['kms:CreateGrant', { 'kms:GrantIsForAWSResource': 'false' }],
  ['kms:CreateGrant', { 'kms:GrantIsForAWSResource': 'true' }],
  [
    'kms:ScheduleKeyDeletion',
    { 'kms:ScheduleKeyDeletionPendingWindowInDays': '30' },
  ],
  [
    'kms:ScheduleKeyDeletion',
    { 'kms:ScheduleKeyDeletionPendingWindowInDays': '7' },
  ],
]
const place = fc.oneof(
  fc.constant({}),
  fc.constant({ 'aws:SourceVpce': 'vpce-1' }),
  fc.constant({ 'aws:PrincipalTag/team': 'x' }),
)
const everything = Policy.fromValue(
  {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
  },
  'identity',
)

/** What the local home lets strangers do, of what is grave. */
function open(document: object, around: Record<string, string>): string[] {
  const resource = Policy.fromValue(document, 'resource')
  return strangers.flatMap((principal) =>
    grave
      .filter(([action, context]) => {
        const request = {
          principal,
          action,
          resource: key.arn,
          context: {
            'kms:CallerAccount': principal.account,
            ...context,
            ...around,
          },
        }
        const policies = { identity: [everything], resource }
        return decide(request, policies, Date.now()).isAllowed
      })
      .map(([action]) => `${principal.arn} ${action}`),
  )
}

test('what strangers may do is never left untold', () => {
  const runs = soak ? 600 : 60
  let seen = 0
  fc.assert(
    fc.property(policy, place, (document, around) => {
      const found = open(document, around)
      if (found.length === 0) return
      seen++
      const read = KeyPolicy.fromDocument(document)
      const findings = checkPolicy(read, { roles, undecided: [] }, key)
      const codes = new Set(findings.map(({ code }) => code))
      const expected: Record<string, string[]> = {
        'kms:Sign': ['sign', 'sign-otherwise'],
        'kms:PutKeyPolicy': ['change-policy'],
        'kms:CreateGrant': ['create-grant'],
        'kms:ScheduleKeyDeletion': ['delete', 'delete-soon'],
      }
      for (const each of found) {
        const action = each.split(' ').at(-1) ?? ''
        expect({
          each,
          told: expected[action]?.some((code) => codes.has(code)),
        }).toEqual({ each, told: true })
      }
    }),
    { numRuns: runs },
  )
  expect(seen).toBeGreaterThan((2 * runs) / 15)
})

test('without roles it is told, or somebody is shown as one', () => {
  fc.assert(
    fc.property(policy, place, (document, around) => {
      const read = KeyPolicy.fromDocument(document)
      const inferred = inferRoles(read, key)
      const meant = {
        roles: {
          ...inferred,
          ...inferred.roles,
          minimumDeletionWindowDays: 30,
        },
        undecided: inferred.undecided,
      }
      const isClean = checkPolicy(read, meant, key).length === 0
      const named = Object.values(inferred.roles).flat()
      const untold = open(document, around).filter((each) => {
        const name = /assumed-role\/([^/]+)\/|user\/(\S+)/.exec(each)
        const last = name?.[1] ?? name?.[2] ?? '-'
        return !named.some((arn) => arn.endsWith(`/${last}`))
      })
      if (isClean) expect(untold).toEqual([])
    }),
    { numRuns: soak ? 300 : 10 },
  )
})

test('the plan shuts all of it, changes nothing twice, and is clean', () => {
  fc.assert(
    fc.property(policy, place, (document, around) => {
      const read = KeyPolicy.fromDocument(document)
      const meant = { roles, undecided: [] }
      const plan = planPolicy(read, meant, key)
      expect(open(plan.document, around)).toEqual([])
      const next = KeyPolicy.fromDocument(plan.document)
      expect(checkPolicy(next, meant, key)).toEqual([])
      expect(planPolicy(next, meant, key).isChange).toBe(false)
    }),
    { numRuns: soak ? 100 : 3 },
  )
})

test('the table of who may do what leaves no stranger out', () => {
  fc.assert(
    fc.property(policy, place, (document, around) => {
      const { rows } = whoCan(JSON.stringify(document), key)
      const codes = new Set(
        rows.flatMap(({ may, mayByIam }) => [...may, ...mayByIam]),
      )
      for (const each of open(document, around)) {
        if (each.endsWith('kms:Sign'))
          expect(codes.has('sign') || codes.has('sign-otherwise')).toBe(true)
        if (each.endsWith('kms:PutKeyPolicy'))
          expect(codes.has('change-policy')).toBe(true)
      }
    }),
    { numRuns: soak ? 300 : 10 },
  )
})
