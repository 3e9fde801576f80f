import { Policy } from '@keyward/iam/policy'

export const allowAll = Policy.fromValue(
  {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
  },
  'identity',
)

const readingLogs = [
  'logs:Describe*',
  'logs:FilterLogEvents',
  'logs:GetLogEvents',
]

/**
 * The key user, for whom `keyward env` sets the credentials, is a developer,
 * who creates keys, lists resources, calls functions and uses tables. Access to
 * the stack's key depends on its key policy.
 */
export const developer = Policy.fromValue(
  {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: [
          'dynamodb:*',
          'kms:*',
          'lambda:InvokeFunction',
          'lambda:Get*',
          'lambda:List*',
          ...readingLogs,
        ],
        Resource: '*',
      },
    ],
  },
  'identity',
)

/**
 * The key administrator is on call, stops and restarts functions, and views
 * everything. Here too, access to the stack's key depends on its key policy.
 */
export const onCall = Policy.fromValue(
  {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: [
          'lambda:PutFunctionConcurrency',
          'lambda:DeleteFunctionConcurrency',
          'lambda:GetFunctionConcurrency',
          'lambda:GetFunctionConfiguration',
          'cloudformation:DescribeStacks',
          'cloudformation:ListStackResources',
          'cloudformation:GetTemplate',
          ...readingLogs,
        ],
        Resource: '*',
      },
    ],
  },
  'identity',
)
