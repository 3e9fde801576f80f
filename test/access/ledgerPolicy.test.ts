import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  deletions,
  itemWrites,
  ledgerPolicyDocument,
} from '../../packages/iam/src/ledger-policy/index.js'
import * as Policy from '../../packages/iam/src/policy/Policy.js'
import type { Principal } from '../../packages/iam/src/policy/Principal.js'
import { createAuthorize } from '../../packages/local/src/iam/createAuthorize.js'
import {
  evaluate,
  type Scope,
} from '../../packages/local/src/template/intrinsics.js'
import type { Json } from '../../packages/local/src/template/Json.js'
import { synthesize } from '../support/synthesize.js'

// The policies of the template, asked as AWS asks them: the table's and those
// of the two roles together.

const account = '123456789012'
const region = 'eu-central-1'
const iam = `arn:aws:iam::${account}`
const table = `arn:aws:dynamodb:${region}:${account}:table/treasury-SenderLedger`
const functionOf = (name: string) =>
  `arn:aws:lambda:${region}:${account}:function:${name}`
const batch = `${iam}:role/batch`

const folder = mkdtempSync(join(tmpdir(), 'keyward-ledger-policy-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

type Resource = { Type: string; Properties: Record<string, Json> }

const session = (role: string, sourceFunctionArn?: string): Principal => ({
  arn: `arn:aws:sts::${account}:assumed-role/${role.split('/').at(-1)}/s`,
  account,
  roleArn: `${iam}:role/${role}`,
  ...(sourceFunctionArn !== undefined && { sourceFunctionArn }),
})

const principals = {
  sender: session('treasury-sender', functionOf('treasury-sender')),
  'sender by an alias': session(
    'treasury-sender',
    functionOf('treasury-sender:payouts'),
  ),
  reconciler: session('treasury-reconciler', functionOf('treasury-reconciler')),
  'sender outside of its function': session('treasury-sender'),
  'sender in the reconciler': session(
    'treasury-sender',
    functionOf('treasury-reconciler'),
  ),
  'sender in a namesake': session(
    'treasury-sender',
    functionOf('treasury-sender-2'),
  ),
  'reconciler outside of its function': session('treasury-reconciler'),
  batch: session('batch'),
  'a role of that name elsewhere': session('path/treasury-sender'),
  operator: { arn: `${iam}:user/operator`, account },
  admin: session('admin', functionOf('website')),
  root: { arn: `${iam}:root`, account },
  replication: session(
    'aws-service-role/replication.dynamodb.amazonaws.com/AWSServiceRoleForDynamoDBReplication',
  ),
  service: {
    arn: 'backup.amazonaws.com',
    account,
    service: 'backup.amazonaws.com',
  },
} satisfies Record<string, Principal>
type Name = keyof typeof principals

let resourcePolicy: string
const rolePolicies = new Map<string, Policy.Policy>()
const everything = Policy.fromValue(
  {
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Action: '*', Resource: '*' },
  },
  'identity',
)

beforeAll(async () => {
  await synthesize(folder, {
    stackName: 'treasury',
    network: 'sepolia',
    rpcUrl: 'https://rpc.example',
    administrators: `${iam}:role/admin`,
    ledgerWriters: batch,
  })
  const { Resources } = JSON.parse(
    readFileSync(join(folder, 'treasury.template.json'), 'utf8'),
  ) as { Resources: Record<string, Resource> }
  const scope: Scope = {
    ref: (name) =>
      ({
        'AWS::Partition': 'aws',
        'AWS::Region': region,
        'AWS::AccountId': account,
      })[name] ?? String(Resources[name]?.Properties.RoleName ?? name),
    getAtt(id) {
      const { Type, Properties } = Resources[id] as Resource
      if (Type === 'AWS::IAM::Role') return `${iam}:role/${Properties.RoleName}`
      return Type === 'AWS::DynamoDB::GlobalTable' ? table : `arn:other:${id}`
    },
    condition: () => true,
    mappings: {},
  }
  for (const { Type, Properties } of Object.values(Resources)) {
    if (Type === 'AWS::DynamoDB::GlobalTable') {
      const [replica] = evaluate(Properties.Replicas as Json, scope) as {
        ResourcePolicy: { PolicyDocument: object }
      }[]
      resourcePolicy = JSON.stringify(replica?.ResourcePolicy.PolicyDocument)
    }
    if (Type === 'AWS::IAM::Policy') {
      const { PolicyDocument, Roles } = Properties
      const [role] = evaluate(Roles as Json, scope) as string[]
      const document = evaluate(PolicyDocument as Json, scope)
      rolePolicies.set(
        `${iam}:role/${role}`,
        Policy.fromValue(document, 'identity'),
      )
    }
  }
})

/** Whether the principal may, by the policies of the stack; others are admins. */
function may(
  principal: Principal,
  action: string,
  policy: string | undefined = resourcePolicy,
): boolean {
  const authorize = createAuthorize({
    identityPolicies: ({ roleArn = '' }) => [
      rolePolicies.get(roleArn) ?? everything,
    ],
    now: () => 0,
  })
  try {
    authorize({ principal, action, resource: table, resourcePolicy: policy })
    return true
  } catch (error) {
    expect((error as Error).name).toBe('AwsError')
    return false
  }
}

const allowed = (action: string, policy?: string) =>
  (Object.keys(principals) as Name[]).filter((name) =>
    may(principals[name], action, policy),
  )

test.each(['dynamodb:PutItem', 'dynamodb:UpdateItem'])(
  '%s: the two functions, and who is named',
  (action) => {
    expect(allowed(action)).toEqual([
      'sender',
      'sender by an alias',
      'reconciler',
      'batch',
    ])
  },
)

test.each(itemWrites.filter((action) => !/:(Put|Update)Item$/.test(action)))(
  '%s: not even the functions',
  (action) => {
    expect(allowed(action)).toEqual(['batch'])
  },
)

test.each(deletions)('%s: nobody', (action) => {
  expect(allowed(action)).toEqual([])
})

test.each(['dynamodb:GetItem', 'dynamodb:Query'])(
  '%s: all whom IAM lets',
  (action) => {
    expect(allowed(action)).toEqual(
      Object.keys(principals).filter((name) => name !== 'service'),
    )
  },
)

test('without the policy anybody writes whom IAM lets', () => {
  const none =
    '{"Version":"2012-10-17","Statement":{"Effect":"Deny","Principal":"*","Action":"dynamodb:DescribeTable","Resource":"*"}}'
  expect(allowed('dynamodb:PutItem', none)).toEqual(
    expect.arrayContaining(['operator', 'admin', 'root', 'replication']),
  )
  // What the role's own policy says holds all the same.
  expect(allowed('dynamodb:PutItem', none)).not.toContain(
    'sender outside of its function',
  )
})

describe('with replicas', () => {
  const policy = () =>
    JSON.stringify(
      ledgerPolicyDocument({
        writers: [`${iam}:role/treasury-sender`],
        replicationRole: principals.replication.roleArn as string,
      }),
    )

  test.each(['dynamodb:PutItem', 'dynamodb:UpdateItem'])(
    '%s: DynamoDB copies',
    (action) => {
      expect(allowed(action, policy())).toEqual([
        'sender',
        'sender by an alias',
        'replication',
      ])
    },
  )

  test.each(deletions)('%s: DynamoDB alone', (action) => {
    expect(allowed(action, policy())).toEqual(['replication'])
  })
})

test('hundreds of writers fit into what DynamoDB takes', () => {
  const writers = Array.from({ length: 250 }, (_, n) => `${batch}-${n}`)
  const text = JSON.stringify(ledgerPolicyDocument({ writers }))
  expect(text.length).toBeLessThan(20 * 1024)
})

test('a table that nobody could write is not made', () => {
  expect(() => ledgerPolicyDocument({ writers: [] })).toThrow(
    'A ledger needs at least one writer.',
  )
})
