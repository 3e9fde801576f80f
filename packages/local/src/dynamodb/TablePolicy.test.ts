import { expect, test } from 'vitest'
import { AwsError } from '../protocol/Service.js'
import * as TablePolicy from './TablePolicy.js'

const table = 'arn:aws:dynamodb:us-east-1:000000000000:table/ledger'
const statement = {
  Effect: 'Deny',
  Principal: '*',
  Action: 'dynamodb:PutItem',
  Resource: table,
}
const policy = (...statements: unknown[]) =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements })

const refusal = (text: string): string => {
  try {
    TablePolicy.canonicalize(text)
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    expect(error.type).toBe('ValidationException')
    return String(error.text)
  }
  return 'taken'
}

test('a policy is kept in the form in which AWS keeps it', () => {
  const given = `
    {
      "Statement": {
        "Resource": ["${table}"],
        "Action": ["dynamodb:GetItem"],
        "Principal": {"AWS": ["000000000000", "arn:aws:iam::000000000000:root"]},
        "Effect": "Allow",
        "Condition": {"Bool": {"aws:SecureTransport": ["true"]}},
        "Sid": "Read"
      },
      "Version": "2012-10-17"
    }`
  const kept = TablePolicy.canonicalize(given)
  expect(kept).toBe(
    `{"Version":"2012-10-17","Statement":[{"Sid":"Read","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::000000000000:root"},"Action":"dynamodb:GetItem","Resource":"${table}","Condition":{"Bool":{"aws:SecureTransport":["true"]}}}]}`,
  )
  expect(TablePolicy.canonicalize(kept)).toBe(kept)
  // The order and repetition in lists stay.
  const Action = ['dynamodb:Query', 'dynamodb:GetItem', 'dynamodb:Query']
  const NotPrincipal = { AWS: ['111111111111', '222222222222'] }
  const Resource = [table, `${table}/index/*`]
  const other = { Effect: 'Deny', NotPrincipal, Action, Resource }
  expect(
    JSON.parse(TablePolicy.canonicalize(JSON.stringify({ Statement: other }))),
  ).toEqual({
    Version: '2008-10-17',
    Statement: [
      {
        ...other,
        NotPrincipal: {
          AWS: [
            'arn:aws:iam::111111111111:root',
            'arn:aws:iam::222222222222:root',
          ],
        },
      },
    ],
  })
})

const invalid = 'One or more parameter values were invalid: '
const malformed = `${invalid}Invalid policy document: `
const without = (name: string) =>
  policy(
    Object.fromEntries(
      Object.entries(statement).filter(([each]) => each !== name),
    ),
  )

test.each([
  ['nothing', '', `${malformed}This policy contains invalid Json`],
  ['no JSON', '{not json', `${malformed}This policy contains invalid Json`],
  ['no object', '[]', `${malformed}Syntax error at position (1,1)`],
  [
    'no statement',
    policy(),
    `${malformed}Could not parse the policy: Statement is empty!`,
  ],
  [
    'Resource missing',
    without('Resource'),
    `${malformed}Missing required field Resource`,
  ],
  [
    'Action missing',
    without('Action'),
    `${malformed}Missing required field Action`,
  ],
  [
    'Principal missing',
    without('Principal'),
    `${malformed}Missing required field Principal`,
  ],
  [
    'the same Sid twice',
    policy({ Sid: 'a', ...statement }, { Sid: 'a', ...statement }),
    `${malformed}The Statement Ids in the policy are not unique`,
  ],
  [
    'actions that tables do not have',
    policy({
      ...statement,
      Action: [
        'dynamodb:PutItem',
        'dynamodb:ExecuteStatement',
        'dynamodb:RestoreTableFromBackup',
        's3:GetObject',
        'dynamodb:Coffee*',
      ],
    }),
    `${malformed}The following action names are invalid: "dynamodb:ExecuteStatement", "dynamodb:RestoreTableFromBackup", "s3:GetObject", "dynamodb:Coffee*"`,
  ],
  [
    'a principal that is none',
    policy({ ...statement, Principal: { AWS: 'somebody' } }),
    `${invalid}Invalid principal in policy document.`,
  ],
  [
    'an Allow to everybody',
    policy({ ...statement, Effect: 'Allow' }),
    'Resource-based policy grants unbounded access in one or more elements. Please revise the policy to ensure least-privilege form of access',
  ],
  [
    'an Allow to everybody of type AWS',
    policy({ ...statement, Effect: 'Allow', Principal: { AWS: '*' } }),
    'Resource-based policy grants unbounded access in one or more elements. Please revise the policy to ensure least-privilege form of access',
  ],
  [
    'the ARN of a stream',
    policy({ ...statement, Resource: `${table}/stream/2026` }),
    `${malformed}The relative-id "table/ledger/stream/2026" is invalid for ARN "${table}/stream/2026"`,
  ],
  [
    'an operator that the home does not know',
    policy({
      ...statement,
      Condition: { Sounds: { 'aws:PrincipalArn': 'x' } },
    }),
    `${malformed}The local home doesn't support the condition operator "Sounds".`,
  ],
  [
    'an element that is none',
    policy({ ...statement, Colour: 'red' }),
    `${malformed}A statement has an unknown element "Colour".`,
  ],
  [
    'more than 20 kB',
    `${policy(statement)}${' '.repeat(20_480)}`,
    `${invalid}Maximum policy size of 20480 bytes exceeded`,
  ],
  ['wildcards', policy({ ...statement, Action: 'DynamoDB:Put*' }), 'taken'],
  ['all actions', policy({ ...statement, Action: '*' }), 'taken'],
  ['another table', policy({ ...statement, Resource: `${table}2` }), 'taken'],
  ['every table', policy({ ...statement, Resource: '*' }), 'taken'],
  [
    'an Allow to everybody with a condition',
    policy({
      ...statement,
      Effect: 'Allow',
      Condition: {
        ArnEquals: { 'aws:PrincipalArn': 'arn:aws:iam::000000000000:role/a' },
      },
    }),
    'taken',
  ],
])('%s', (_, text, expected) => {
  expect(refusal(text)).toBe(expected)
})
