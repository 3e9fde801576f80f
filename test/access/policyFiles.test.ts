import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { keyPolicyDocument } from '../../packages/iam/src/key-policy/index.js'
import { decide, Policy } from '../../packages/iam/src/policy/index.js'
import { serviceControlPolicy } from '../../packages/iam/src/scp/index.js'

// The key policies that are given by hand are the one that the stack writes,
// and the service control policy is the one that the command line prints.

const arn = (rest: string) => `arn:aws:iam::123456789012:${rest}`
const policy = (users: string[]) =>
  keyPolicyDocument(
    {
      administrators: [arn('role/key-admin')],
      users,
      importers: [],
      breakGlass: [arn('role/key-break-glass')],
      deployers: [],
      goesWithStack: false,
      minimumDeletionWindowDays: 30,
      importExpiration: 'never',
    },
    arn('root'),
  )
const read = (name: string) =>
  JSON.parse(
    readFileSync(
      new URL(`../../packages/cdk/policies/${name}`, import.meta.url),
      'utf8',
    ),
  )

test('a new key, which nobody may use yet', () => {
  expect(read('new-key-policy.json')).toEqual(policy([]))
})

test('a key that the functions use', () => {
  expect(read('key-policy.json')).toEqual(
    policy([
      arn('role/treasury-eip1559-signer'),
      arn('role/treasury-legacy-signer'),
    ]),
  )
})

test('an administrator of the template may ask functions only for their status', () => {
  const { Policies } = read('roles.template.json').Resources.Admin.Properties
  const values: Record<string, string> = {
    ...{ 'AWS::Partition': 'aws', 'AWS::Region': 'eu-central-1' },
    ...{ 'AWS::AccountId': '123456789012', Stack: 'treasury' },
  }
  const text = JSON.stringify(Policies[0].PolicyDocument)
    .replace(/\{"Fn::Sub":("[^"]*")\}/g, '$1')
    .replace(/\$\{([\w:]+)\}/g, (_, name: string) => values[name] ?? '')
  const identity = [Policy.parse(text, 'identity')]
  const principal = { arn: arn('role/treasury-admin'), account: '123456789012' }
  const mayInvoke = (name: string) =>
    decide(
      {
        ...{ principal, action: 'lambda:InvokeFunction' },
        resource: `arn:aws:lambda:eu-central-1:123456789012:function:${name}`,
      },
      { identity, resource: undefined },
      0,
    ).isAllowed
  expect(
    [
      ...['treasury-sender:status', 'treasury-sender', 'orders-sender:status'],
      'treasury-sender:payouts',
    ].map(mayInvoke),
  ).toEqual([true, false, false, false])
})

test('the service control policy, with nobody named', () => {
  expect(read('scp.json')).toEqual(serviceControlPolicy())
})
