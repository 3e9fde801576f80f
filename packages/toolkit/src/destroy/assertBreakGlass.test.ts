import { expect, test } from 'vitest'
import { keyPolicyDocument } from '../../../iam/src/key-policy/index.js'
import type { AwsConnection } from '../aws/connectAws.js'
import { assertBreakGlass } from './assertBreakGlass.js'
import type { Plan, PlannedKey } from './Plan.js'
import { isRefused, whoRetires } from './retireKey.js'

const right = 'arn:aws:iam::111122223333:role/ops/treasury-break-glass'
const keyArn = 'arn:aws:kms:us-east-1:111122223333:key/1'
const session = 'arn:aws:sts::111122223333:assumed-role'
const target = { kind: 'local', endpoint: 'http://127.0.0.1:1' } as const

function check(
  caller: string,
  key: Partial<PlannedKey> = {},
  breakGlass: readonly string[] = [right],
  policy?: object,
  windowDays = 30,
) {
  const planned: PlannedKey = {
    ...{ role: undefined, arn: keyArn, state: undefined, fate: 'schedule' },
    ...key,
  }
  const send = async () => {
    if (policy !== undefined) return { Policy: JSON.stringify(policy) }
    throw Object.assign(new Error(), { name: 'AccessDeniedException' })
  }
  const deployer = { kms: { send } } as unknown as AwsConnection
  const plan: Plan = {
    ...{ stack: 'treasury', status: 'CREATE_COMPLETE', fates: [] },
    ...{
      keys: [planned],
      windowDays,
      deletesMaterial: false,
      breakGlass,
      holders: [],
    },
  }
  const connection = { target, callerArn: async () => caller }
  return assertBreakGlass(deployer, connection, 'bg', plan)
}

test("another role is refused, and the key policy's role is named", async () => {
  for (const [caller, name] of [
    [`${session}/keyward-dev-break-glass/me`, 'role/keyward-dev-break-glass'],
    ['arn:aws:iam::111122223333:user/me', 'user/me'],
    [`${session}/treasury-break-glass2/me`, 'role/treasury-break-glass2'],
  ] as const)
    await expect(check(caller)).rejects.toThrow(
      `--break-glass-profile "bg" is arn:aws:iam::111122223333:${name}, which is not allowed to delete the key of treasury.
Nothing was done. In the stack's template, the key's policy allows only ${right}. Pass a profile for that role. keyward env --profiles writes a profile for each role, named after the role.`,
    )
})

test.each([
  ['the role itself', right, {}, [right]],
  [
    "a session, which lacks the role's path",
    `${session}/treasury-break-glass/me`,
    {},
    [right],
  ],
  ['a hidden template', `${session}/other/me`, {}, []],
  [
    'a key that the stack did not create',
    `${session}/other/me`,
    { fate: 'keep' },
    [right],
  ],
  [
    'a key whose deletion is scheduled',
    `${session}/other/me`,
    { state: { state: 'PendingDeletion' } as PlannedKey['state'] },
    [right],
  ],
] as const)('nothing is refused for %s', async (_, caller, key, breakGlass) => {
  await check(caller, key, breakGlass)
})

// `keyward access apply` changes a key's policy without the template.
const policyFor = (...breakGlass: string[]) =>
  keyPolicyDocument(
    {
      ...{ users: [], importers: [], deployers: [], breakGlass },
      administrators: ['arn:aws:iam::111122223333:role/admin'],
      ...{ importExpiration: 'any', sha1Wrapping: false },
      ...{ minimumDeletionWindowDays: 30, goesWithStack: false },
    },
    'arn:aws:iam::111122223333:root',
  )
const newer = 'arn:aws:iam::111122223333:role/newer'

test("the key's own policy decides, if it can be read", async () => {
  const policy = policyFor(newer)
  await check(`${session}/newer/me`, {}, [right], policy)
  await expect(
    check(`${session}/treasury-break-glass/me`, {}, [right], policy),
  ).rejects.toThrow(`which is not allowed to delete the key of treasury.
Nothing was done. The key's policy allows only ${newer}.`)
  await expect(check(newer, {}, [right], policyFor())).rejects.toThrow(
    "Nothing was done. The key's policy allows nobody.",
  )
})

const allow = (Condition: object, AWS: string = newer) => ({
  ...{ Effect: 'Allow', Action: 'kms:*', Resource: '*' },
  ...{ Principal: { AWS }, Condition },
})
const days = 'kms:ScheduleKeyDeletionPendingWindowInDays'

test.each([
  [
    'the origin of an imported key',
    { StringEquals: { 'kms:KeyOrigin': 'EXTERNAL' } },
    { state: { state: 'Enabled', origin: 'EXTERNAL' } },
    30,
  ],
  [
    'an origin that may not be seen',
    { StringEquals: { 'kms:KeyOrigin': 'EXTERNAL' } },
    {},
    30,
  ],
  [
    'a multi-Region key',
    { Bool: { 'kms:MultiRegion': 'true' } },
    { arn: keyArn.replace('key/1', 'key/mrk-1') },
    30,
  ],
  ['the waiting period', { NumericLessThanEquals: { [days]: '7' } }, {}, 7],
] as const)(
  'a condition on %s holds',
  async (_, condition, key, windowDays) => {
    const policy = { Statement: [allow(condition)] }
    const planned = key as Partial<PlannedKey>
    await check(`${session}/newer/me`, planned, [right], policy, windowDays)
  },
)

test.each([
  [
    'its origin is another one',
    [allow({ StringEquals: { 'kms:KeyOrigin': 'EXTERNAL' } })],
  ],
  [
    'the period is too short',
    [allow({ NumericGreaterThanEquals: { [days]: '30' } })],
  ],
  [
    'the session is denied',
    [
      allow({}),
      {
        ...{ Effect: 'Deny', Action: 'kms:ScheduleKeyDeletion' },
        ...{ Resource: '*', Principal: { AWS: `${session}/newer/me` } },
      },
    ],
  ],
])('nobody may delete the key if %s', async (_, Statement) => {
  const state = { state: 'Enabled', origin: 'AWS_KMS' } as PlannedKey['state']
  await expect(
    check(`${session}/newer/me`, { state }, [right], { Statement }, 7),
  ).rejects.toThrow('which is not allowed to delete the key of treasury.')
})

test.each([
  [
    'a policy that leaves it to IAM',
    {
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::111122223333:root' },
      ...{ Action: 'kms:*', Resource: '*' },
    },
  ],
  ['a policy that is not understood', { Effect: 'Perhaps' }],
])('nothing is refused for %s', async (_, Statement) => {
  await check(`${session}/other/me`, {}, [right], { Statement })
})

test('the principals are named where the template shows them', () => {
  const role = "the break-glass role that the key's policy names"
  expect(whoRetires({ breakGlass: [] })).toBe(role)
  expect(whoRetires({ breakGlass: [right] })).toBe(`${role} (${right})`)
})

test('a stack stays only if the deletion itself is refused', () => {
  const step = (done: boolean) => ({
    ...{ kind: 'key' as const, part: keyArn, done, note: '' },
  })
  expect(isRefused([])).toBe(false)
  expect(isRefused([[step(true)], [step(false), step(true)]])).toBe(false)
  expect(isRefused([[step(true)], [step(true), step(false)]])).toBe(true)
})
