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
 * The key user that `keyward env` names is a developer, who creates keys, lists
 * resources, calls functions and uses tables. For the stack's key, the key
 * policy decides.
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
 * The key administrator is on call: stops and restarts functions, and views
 * everything. For the stack's key, again, the key policy decides.
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
