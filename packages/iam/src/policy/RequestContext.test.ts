import { expect, test } from 'vitest'
import {
  account,
  alice,
  arnOf,
  key,
  lambda,
  root,
  session,
} from './cases/Fact.js'
import { createHomeContext } from './createHomeContext.js'
import type { Principal } from './Principal.js'
import { toRoleArn, toUserId } from './principalIds.js'
import * as RequestContext from './RequestContext.js'

const read = (principal: Principal, context = {}, resource = key) => {
  const known = RequestContext.create({ principal, resource, context })
  return (...names: string[]) => names.map(known)
}
const federated = { arn: `arn:aws:sts::${account}:federated-user/eve`, account }
const withPath = session('payer', 'today', '/team/')

test('the keys that describe the caller', () => {
  const names = ['Arn', 'Account', 'Type', 'IsAWSService', 'ServiceName']
  const keys = [...names.map((name) => `aws:Principal${name}`), 'aws:username']
  const of = (principal: Principal) => read(principal)(...keys)
  const no = [['false'], []]
  expect(of(alice)).toEqual([
    ...[[alice.arn], [account], ['User'], ...no, ['alice']],
  ])
  expect(of(root)).toEqual([[root.arn], [account], ['Account'], ...no, []])
  expect(of(federated)).toEqual([
    ...[[federated.arn], [account], ['FederatedUser'], ...no, []],
  ])
  expect(of(withPath)).toEqual([
    ...[[arnOf('role/team/payer')], [account], ['AssumedRole'], ...no, []],
  ])
  const { roleArn: _, ...bare } = session('payer')
  expect(read(bare)('aws:PrincipalArn')).toEqual([[arnOf('role/payer')]])
  expect(of(lambda)).toEqual([
    ...['unknown', 'unknown', 'unknown', ['true']],
    ...[['lambda.amazonaws.com'], 'unknown'],
  ])
})

test('the tags of the caller in IAM', () => {
  const tagged = { ...withPath, tags: { 'keyward-guard': 'first' } }
  expect(read(tagged)('aws:PrincipalTag/Keyward-Guard')).toEqual([['first']])
  expect(read(withPath)('aws:PrincipalTag/keyward-guard')).toEqual(['unknown'])
})

test('the keys that a service and a function add', () => {
  const sources = ['aws:SourceArn', 'aws:SourceAccount']
  expect(read(lambda)(...sources)).toEqual(['unknown', 'unknown'])
  expect(read({ ...lambda, sourceArn: key })(...sources)).toEqual([
    [key],
    [account],
  ])
  const name = 'lambda:SourceFunctionArn'
  expect(read(withPath)(name)).toEqual(['unknown'])
  expect(read({ ...withPath, sourceFunctionArn: key })(name)).toEqual([[key]])
})

test('keys are case-insensitive, and two that differ only in case have both values', () => {
  const context = { 'a:B': 'x', 'A:b': ['y', 'z'], 'a:none': [] }
  expect(read(alice, context)('A:B', 'a:None', 'a:c')).toEqual([
    ['x', 'y', 'z'],
    [],
    'unknown',
  ])
})

test('the Region and account of the resource, if it has them', () => {
  const names = ['aws:RequestedRegion', 'aws:ResourceAccount']
  expect(read(alice)(...names)).toEqual([['us-east-1'], [account]])
  expect(read(alice, {}, 'arn:aws:s3:::bucket')(...names)).toEqual([
    'unknown',
    'unknown',
  ])
  expect(read(alice, {}, '*')(...names)).toEqual(['unknown', 'unknown'])
})

test('ids: of an account, a user, a federated user, a role, a session', () => {
  const role = { arn: arnOf('role/team/payer'), account }
  expect(toUserId(root)).toBe(account)
  expect(toUserId(alice)).toMatch(/^AIDA[A-Z2-7]{17}$/)
  expect(toUserId(federated)).toBe(`${account}:eve`)
  expect(toUserId(role)).toMatch(/^AROA[A-Z2-7]{17}:$/)
  expect(toUserId(withPath)).toBe(`${toUserId(role)}today`)
  expect(toUserId(session('payer', 'a/b'))).toMatch(/^AROA[A-Z2-7]{17}:b$/)
  const { roleArn: _, ...bare } = session('payer', 'x')
  expect(toUserId(bare)).toBe(toUserId(session('payer', 'x')))
  expect(toUserId({ ...alice, arn: arnOf('user/bob') })).not.toBe(
    toUserId(alice),
  )
})

test('the role of a session; other ARNs are unchanged', () => {
  expect(toRoleArn(`arn:aws-cn:sts::${account}:assumed-role/payer/a`)).toBe(
    `arn:aws-cn:iam::${account}:role/payer`,
  )
  for (const arn of [
    arnOf('role/payer'),
    `x:arn:aws:sts::${account}:assumed-role/payer/a`,
    `arn:aws:sts::${account}:assumed-role/payer`,
    'arn:aws:sts::1:assumed-role/payer/a',
    `arn:aws:sts::${account}:assumed-role/payer/a\nb`,
  ])
    expect(toRoleArn(arn)).toBe(arn)
})

test('a home knows the time, and the keys that a request lacks', () => {
  const home = (action: string) =>
    createHomeContext(
      {
        principal: alice,
        action,
        resource: key,
        context: { 'kms:KeySpec': 'a' },
      },
      1_700_000_000_999,
    )
  const ofKms = home('kms:Sign')
  const ofSts = home('sts:AssumeRole')
  const names = ['CurrentTime', 'EpochTime', 'SecureTransport', 'ViaAWSService']
  expect(names.map((name) => ofKms(`aws:${name}`))).toEqual([
    ['2023-11-14T22:13:20.999Z'],
    ['1700000000'],
    ['true'],
    ['false'],
  ])
  expect(ofKms('kms:KeySpec')).toEqual(['a'])
  for (const name of [
    'aws:SourceVpce',
    'kms:MessageType',
    'aws:PrincipalTag/team',
    'aws:ResourceTag/team',
    'kms:EncryptionContext:a',
  ])
    expect([name, ofKms(name)]).toEqual([name, []])
  for (const name of ['x:aws:principaltag/team', 'x:aws:resourcetag/a', 'a:b'])
    expect([name, ofKms(name)]).toEqual([name, 'unknown'])
  expect(ofSts('sts:ExternalId')).toEqual([])
  for (const name of ['kms:MessageType', 'aws:ResourceTag/team'])
    expect([name, ofSts(name)]).toEqual([name, 'unknown'])
  expect(home('other')('kms:MessageType')).toBe('unknown')
})
