import { Policy } from '@keyward/iam/policy'

/**
 * The resources that `cdk bootstrap` creates in an account. Every home contains
 * them from the start.
 */
export type Bootstrap = {
  version: string
  /** Name of the SSM parameter that contains the version. */
  parameterName: string
  /** Name of the stack that `cdk bootstrap` would create. */
  stackName: string
  bucketName: string
  repositoryName: string
  /** Roles by ARN. */
  roles: ReadonlyMap<string, BootstrapRole>
}

export type BootstrapRole = {
  /** The role's trust policy. */
  trust: Record<string, unknown>
  policies: readonly Policy.Policy[]
}

/** The qualifier that aws-cdk-lib uses by default. */
const qualifier = 'hnb659fds'
/** Version of the bootstrap template in the CDK CLI that the tests run. */
export const version = '33'

const statement = (Action: string | string[], Resource: string | string[]) => ({
  Effect: 'Allow',
  Action,
  Resource,
})

const identityPolicy = (...Statement: object[]) =>
  Policy.fromValue({ Version: '2012-10-17', Statement }, 'identity')

/** The resources of the bootstrap stack in this account and Region. */
export function create(accountId: string, region: string): Bootstrap {
  const place = `${accountId}-${region}`
  const bucketName = `cdk-${qualifier}-assets-${place}`
  const parameterName = `/cdk-bootstrap/${qualifier}/version`
  const bucket = [`arn:aws:s3:::${bucketName}`, `arn:aws:s3:::${bucketName}/*`]
  const roleArn = (name: string) =>
    `arn:aws:iam::${accountId}:role/cdk-${qualifier}-${name}-role-${place}`
  const ofAccount = {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal: { AWS: accountId },
        Condition: { Null: { 'sts:ExternalId': 'true' } },
      },
    ],
  }
  const readOfStacks = statement(
    [
      'cloudformation:Describe*',
      'cloudformation:Get*',
      'cloudformation:List*',
      'cloudformation:ValidateTemplate',
    ],
    '*',
  )
  const readOfVersion = statement(
    ['ssm:GetParameter', 'ssm:GetParameters'],
    `arn:aws:ssm:${region}:${accountId}:parameter${parameterName}`,
  )
  return {
    version,
    parameterName,
    stackName: 'CDKToolkit',
    bucketName,
    repositoryName: `cdk-${qualifier}-container-assets-${place}`,
    roles: new Map<string, BootstrapRole>([
      [
        roleArn('cfn-exec'),
        {
          trust: {
            Version: '2012-10-17',
            Statement: [
              {
                Effect: 'Allow',
                Action: 'sts:AssumeRole',
                Principal: { Service: 'cloudformation.amazonaws.com' },
              },
            ],
          },
          policies: [identityPolicy(statement('*', '*'))],
        },
      ],
      [
        roleArn('deploy'),
        {
          trust: ofAccount,
          policies: [
            identityPolicy(
              readOfStacks,
              readOfVersion,
              statement(
                [
                  'cloudformation:ContinueUpdateRollback',
                  'cloudformation:CreateChangeSet',
                  'cloudformation:CreateStack',
                  'cloudformation:DeleteChangeSet',
                  'cloudformation:DeleteStack',
                  'cloudformation:ExecuteChangeSet',
                  'cloudformation:RollbackStack',
                  'cloudformation:UpdateStack',
                  'cloudformation:UpdateTerminationProtection',
                  'sts:GetCallerIdentity',
                ],
                '*',
              ),
              statement('iam:PassRole', roleArn('cfn-exec')),
              statement(['s3:GetObject*', 's3:GetBucket*', 's3:List*'], bucket),
            ),
          ],
        },
      ],
      [
        roleArn('file-publishing'),
        {
          trust: ofAccount,
          policies: [
            identityPolicy(
              statement(
                [
                  's3:Abort*',
                  's3:DeleteObject*',
                  's3:GetBucket*',
                  's3:GetEncryptionConfiguration',
                  's3:GetObject*',
                  's3:List*',
                  's3:PutObject*',
                ],
                bucket,
              ),
            ),
          ],
        },
      ],
      [roleArn('image-publishing'), { trust: ofAccount, policies: [] }],
      [
        roleArn('lookup'),
        {
          trust: ofAccount,
          policies: [
            identityPolicy(
              readOfStacks,
              statement(
                [
                  'kms:Describe*',
                  'kms:Get*',
                  'kms:List*',
                  'lambda:Get*',
                  'lambda:List*',
                  'logs:Describe*',
                  'logs:FilterLogEvents',
                  'logs:Get*',
                  's3:Get*',
                  's3:List*',
                  'ssm:Get*',
                ],
                '*',
              ),
            ),
          ],
        },
      ],
    ]),
  }
}
