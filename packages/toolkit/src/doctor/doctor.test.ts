import { expect, test } from 'vitest'
import * as Blocking from '../send/Blocking.js'
import type { Check } from './Check.js'
import { countReserving, judgeBootstrap, judgeQuota } from './checkAccount.js'
import { principalsOf } from './checkPrincipals.js'
import {
  checkFunctions,
  checkKey,
  checkNoPolicy,
  checkUnguarded,
} from './checkStatus.js'
import { judgeTopic } from './checkTopic.js'

const place = { account: '111122223333', region: 'eu-west-1' }

test('the bootstrap, and under which name', () => {
  const outputs = {
    BucketName: 'cdk-team1-assets-111122223333-eu-west-1',
    BootstrapVersion: '30',
  }
  expect(
    judgeBootstrap(outputs, { bootstrapQualifier: 'team1' }, place),
  ).toEqual({
    name: 'bootstrap',
    ok: true,
    found: 'version 30, qualifier team1',
  })
  expect(judgeBootstrap(outputs, {}, place)).toMatchObject({
    ok: false,
    found: 'the qualifier is team1, but the stack needs hnb659fds',
    fix: 'Deploy with -c bootstrapQualifier=team1, or bootstrap with --qualifier hnb659fds.',
  })
  expect(judgeBootstrap(undefined, {}, place)).toMatchObject({
    ok: false,
    fix: expect.stringContaining(
      'npx --no-install cdk bootstrap aws://111122223333/eu-west-1',
    ),
  })
})

test('the reservation must leave 100, or everything in a new account', () => {
  const ok = (limit: number, unreserved: number, each: number) =>
    judgeQuota(limit, unreserved, { each, functions: 3 }).ok
  expect([
    ok(1000, 1000, 300),
    ok(1000, 1000, 301),
    ok(1000, 400, 101),
    ok(10, 10, 0),
    ok(10, 10, 1),
  ]).toEqual([true, false, false, true, false])
})

test('the reservation covers each function but the reconciler', () => {
  const rpcUrl = 'https://example.com'
  expect(
    [
      {},
      { policy: '', policySha256: '' },
      { rpcUrl },
      { rpcUrl, policy: 'policy.json' },
      { rpcUrl, policy: 'policy.json', signers: 'false' },
      { rpcUrl, sender: 'false' },
    ].map(countReserving),
  ).toEqual([2, 2, 3, 4, 1, 2])
})

test('the topic must accept messages of rules and alarms', () => {
  const arn = 'arn:aws:sns:eu-west-1:111122223333:alarms'
  const judge = (...Statement: object[]) =>
    judgeTopic(arn, { policy: JSON.stringify({ Statement }) })
  const both = ['events.amazonaws.com', 'cloudwatch.amazonaws.com']
  const allow = (Service: string | string[], Action = 'sns:Publish') => ({
    Effect: 'Allow',
    Principal: { Service },
    Action,
    Resource: arn,
  })
  expect(judge(allow(both)).ok).toBe(true)
  expect(judge(...both.map((each) => allow(each, 'SNS:Publish'))).ok).toBe(true)
  expect(judge(allow('events.amazonaws.com'))).toMatchObject({
    ok: false,
    found: `${arn} does not accept messages from cloudwatch.amazonaws.com`,
  })
  // SNS's own standard: for the account, by a condition.
  const standard = {
    ...allow(both),
    Principal: { AWS: '*' },
    Condition: { StringEquals: { 'AWS:SourceOwner': '111122223333' } },
  }
  expect(judge(standard).ok).toBe(false)
  expect(judge({ ...allow(both), Effect: 'Deny' }).ok).toBe(false)
  expect(judgeTopic(arn, null)).toMatchObject({
    ok: false,
    found: `${arn} does not exist`,
  })
  const encrypted = (keyId: string) =>
    judgeTopic(arn, {
      policy: JSON.stringify({ Statement: [allow(both)] }),
      keyId,
    })
  for (const keyId of [
    'alias/aws/sns',
    'arn:aws:kms:eu-west-1:111122223333:alias/aws/sns',
  ])
    expect(encrypted(keyId)).toMatchObject({
      ok: false,
      fix: "Encrypt the topic with your own key, and let events.amazonaws.com and cloudwatch.amazonaws.com use kms:Decrypt and kms:GenerateDataKey* in that key's policy.",
    })
  expect(encrypted('alias/alarms')).toMatchObject({
    ok: true,
    found: `${arn} accepts messages from rules and alarms, if the policy of its key alias/alarms lets events.amazonaws.com and cloudwatch.amazonaws.com use kms:Decrypt and kms:GenerateDataKey*`,
  })
})

test('a command in a remedy names the stack or the key', () => {
  const stopped = {
    ...{ name: 'own-signer', state: 'Active', lastModified: null },
    ...{ concurrency: 0, pin: null, policy: null, opens: [] },
    ...{ network: undefined, keyId: undefined, hidden: [] },
  }
  const key = {
    ...{ keyId: 'k', arn: 'arn', state: 'Disabled', origin: 'AWS_KMS' },
    ...{ deletionDate: undefined, expires: undefined },
  }
  const account = {
    ...{ role: undefined, key, pin: null, hidden: [] },
    address: { address: '0x1', from: 'kms' as const },
  }
  const fixes = (checks: readonly Check[]) =>
    checks.flatMap(({ fix }) => fix ?? [])
  const unfreeze =
    'Find out why the stack was frozen, then run keyward unfreeze --stack own.'
  expect(fixes(checkFunctions({ stack: 'own', functions: [stopped] }))).toEqual(
    [unfreeze],
  )
  const ofKey = (state: string) =>
    fixes(checkKey({ ...account, key: { ...key, state } }, 'own'))
  expect(ofKey('Disabled')).toEqual([unfreeze])
  expect(ofKey('PendingImport')).toEqual([
    'Import its material: keyward key import --key arn',
  ])
  expect(ofKey('PendingDeletion')).toEqual([
    'As an administrator of the key, cancel its deletion: keyward key cancel-deletion arn',
  ])
  expect(ofKey('Updating')).toEqual([])
})

test('a transaction behind which all others wait has its remedy', () => {
  const transaction_id = 'ab'.repeat(20)
  const blocking = {
    ...{ nonce: 5, transaction_id, unpayable: true },
    signed_at: new Date(Date.now() - 600_000).toISOString(),
  }
  const options = { stack: 'pay', caller: 'bob' }
  expect(Blocking.toLines(blocking, options)).toEqual([
    "nonce 5: the account can't pay for its signed transaction",
    'All later transactions wait. Fund the account, or cancel this one:',
    `keyward tx cancel ${transaction_id} --stack pay --caller bob`,
  ])
  const payable = { ...blocking, unpayable: false }
  expect(Blocking.toLines(payable, { stack: 'pay' })).toEqual([
    'nonce 5: signed 10 min ago, but not mined',
    'All later transactions wait. To see why:',
    `keyward tx show ${transaction_id} --stack pay`,
  ])
  const filler = { ...blocking, transaction_id: null }
  expect(Blocking.toLines(filler, options)[1]).toBe(
    'All later transactions wait. Fund the account.',
  )
  // One that can be paid needs no funds.
  expect(Blocking.toLines({ ...filler, unpayable: false }, options)).toEqual([
    'nonce 5: signed 10 min ago, but not mined',
    'All later transactions wait. It only fills the nonce of a lost transaction. To send it again, with a higher fee if that is needed:',
    'keyward tx reconcile --stack pay',
  ])
  expect(Blocking.from({ blocking: null })).toBeUndefined()
  expect(Blocking.from({})).toBeUndefined()
})

test('all principals in the settings, as text or JSON, once', () => {
  const role = (name: string) => `arn:aws:iam::111122223333:role/${name}`
  expect(
    principalsOf({
      administrators: `${role('a')}, ${role('b')}`,
      breakGlass: [role('b'), role('c')],
      invokers: `payouts=${role('p')}`,
      ledgerWriters: [role('w')],
    }),
  ).toEqual([role('a'), role('b'), role('c'), role('p')])
  expect(principalsOf({ invokers: { x: role('p') } })).toEqual([role('p')])
})

test('a stack without a policy says so, unless that is unknown', () => {
  const about = (policies: readonly (string | null | undefined)[], role = '') =>
    checkNoPolicy({
      accounts: [{ role: role || undefined }],
      functions: policies.map((policy) => ({ policy })),
    } as never)
  expect(about([null, null])).toEqual([
    {
      ...{ name: 'policy', ok: undefined },
      found: 'none: everything that callers ask for is signed',
    },
  ])
  for (const policies of [[], [null, 'ab'.repeat(32)], [null, undefined]])
    expect(about(policies)).toEqual([])
  expect(about([null], 'owner-1')).toEqual([])
})

test('users who sign without the policy, and the command that removes them', () => {
  const unguarded = ['arn:aws:iam::111122223333:role/dev']
  expect(checkUnguarded({ stack: 'pay', unguarded })).toMatchObject([
    { fix: expect.stringMatching(/: keyward deploy --stack pay -c users=$/) },
  ])
  expect(checkUnguarded({ stack: 'pay', unguarded: [] })).toEqual([])
})
