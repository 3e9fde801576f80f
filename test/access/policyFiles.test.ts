import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { keyPolicyDocument } from '../../packages/iam/src/key-policy/index.js'
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

test('the service control policy, with nobody named', () => {
  expect(read('scp.json')).toEqual(serviceControlPolicy())
})
