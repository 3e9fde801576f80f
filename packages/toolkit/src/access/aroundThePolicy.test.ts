import { type KeyRoles, keyPolicyDocument } from '@keyward/iam/key-policy'
import {
  KeyFacts,
  KeyPolicy,
  planPolicy,
  type Resolved,
} from '@keyward/iam/review'
import { expect, test } from 'vitest'
import {
  findAroundThePolicy,
  modeText,
  remainingWays,
} from './aroundThePolicy.js'

const role = (name: string) => `arn:aws:iam::111122223333:role/${name}`
const [sender, signer, person] = ['t-sender', 't-signer', 'person'].map(role)
const meant = {
  roles: {
    users: [sender, signer, person],
    administrators: [role('admin')],
    deployers: [],
    importers: [role('importer')],
    breakGlass: [],
  },
} as unknown as Resolved
const all = [sender, signer] as string[]
const rolesWith = (guarded?: KeyRoles['guarded']): KeyRoles => ({
  ...meant.roles,
  ...{ minimumDeletionWindowDays: 30, importExpiration: 'never' },
  ...{ goesWithStack: false, ...(guarded && { guarded }) },
})
const policyWith = (guarded?: KeyRoles['guarded']) =>
  KeyPolicy.fromDocument(
    keyPolicyDocument(rolesWith(guarded), 'arn:aws:iam::111122223333:root'),
  )
const policy = policyWith()
const tableOf = (account: string, name = 't-Guard') =>
  `arn:aws:dynamodb:us-east-1:${account}:table/${name}`
const guardTable = tableOf('111122223333')
const signers = {
  roles: all,
  guarded: all,
  guardTable,
  guardedName: 't-signer',
}

test("a principal that signs without the others' policy is found", () => {
  const found = findAroundThePolicy(meant, signers, policy)
  expect(found).toMatchObject([
    { code: 'around-the-policy', severity: 'high', who: [person] },
  ])
  const one = { ...signers, guarded: [sender as string] }
  expect(findAroundThePolicy(meant, one, policy).map(({ who }) => who)).toEqual(
    [[signer], [person]],
  )
})

test('a principal that must count in the same table is reported as less', () => {
  const users = [person as string]
  const bound = policyWith({ users, table: guardTable })
  const find = (policy: KeyPolicy.KeyPolicy) =>
    findAroundThePolicy(meant, signers, policy)
  expect(find(bound)).toMatchObject([{ severity: 'low', who: [person] }])
  const [deny] = bound.statements.filter(({ sid }) => sid === 'OnlyCountedSign')
  const looser = {
    ...deny?.json,
    Condition: {
      ...(deny?.json.Condition as object),
      Bool: { 'aws:SecureTransport': 'false' },
    },
  }
  const weak = KeyPolicy.fromDocument({
    Version: '2012-10-17',
    Statement: [looser],
  })
  expect(find(weak)).toMatchObject([{ severity: 'high' }])
})

test.each([
  ['of another name', tableOf('111122223333', 'other')],
  ['of another account', tableOf('444455556666')],
  ['that only has its name', 't-Guard'],
])(
  'a principal that counts in a table %s is reported as a bypass',
  (_, table) => {
    const bound = policyWith({ users: [person as string], table })
    const find = (own: string | undefined) =>
      findAroundThePolicy(meant, { ...signers, guardTable: own }, bound)
    expect(find(guardTable)).toMatchObject([
      {
        severity: 'high',
        who: [person],
        summary: `${person} can sign as long as its tag keyward-guard is ${table}, but the functions count their signatures in ${guardTable}.`,
      },
    ])
    expect(find(undefined)).toMatchObject([
      { severity: 'high', summary: expect.stringContaining('count nothing.') },
    ])
  },
)

test('the statements that bind them are sound, and kept when the rest is fixed', () => {
  const bound = policyWith({ users: [person as string], table: guardTable })
  const key = KeyFacts.fromArn('arn:aws:kms:us-east-1:111122223333:key/k', {
    ...{ origin: 'AWS_KMS', multiRegion: false },
  })
  const roles = rolesWith()
  const about = { undecided: [], roles }
  const plan = (policy: KeyPolicy.KeyPolicy) => planPolicy(policy, about, key)
  expect(plan(bound)).toMatchObject({ isChange: false })
  const weak = KeyPolicy.fromDocument({
    Version: '2012-10-17',
    Statement: bound.statements
      .filter(({ sid }) => sid !== 'NoGrants')
      .map(({ json }) => json),
  })
  const { isChange, document } = plan(weak)
  expect(isChange).toBe(true)
  expect(document.Statement.map(({ Sid }) => Sid)).toContain('OnlyCountedSign')
})

test('without a policy, nobody bypasses it', () => {
  const none = { ...signers, guarded: [] }
  expect(findAroundThePolicy(meant, none, policy)).toEqual([])
  expect(remainingWays(meant, none)).toBeUndefined()
})

test('a policy that refuses nothing is reported', () => {
  expect(modeText(signers, 'enforce')).toBeUndefined()
  expect(modeText(signers, 'shadow')).toContain('it refuses nothing')
  expect(modeText(signers, undefined)).toContain('could not be read')
  expect(modeText({ guarded: [] }, undefined)).toBeUndefined()
})

test('an intentional bypass is reported', () => {
  const told = remainingWays(meant, signers)
  expect(told).toContain(`${role('admin')} can change the key's policy`)
  expect(told).toContain(
    `${role('importer')} might still have a copy of the imported`,
  )
  const two = {
    roles: { ...meant.roles, deployers: [role('deployer')] },
  } as unknown as Resolved
  expect(remainingWays(two, signers)).toContain(
    `${role('admin')} and ${role('deployer')} can change the key's policy`,
  )
})
