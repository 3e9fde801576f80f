import type { StackState } from '../template/StackState.js'
import type { CloudFormationContext } from './CloudFormationContext.js'
import { validation } from './errors.js'

/** The stack that `cdk bootstrap` would create. It is read-only. */
export function bootstrapStack({
  bootstrap,
  region,
  accountId,
}: CloudFormationContext): StackState {
  const { stackName, bucketName, repositoryName, version } = bootstrap
  return {
    name: stackName,
    id: `arn:aws:cloudformation:${region}:${accountId}:stack/${stackName}/00000000-0000-0000-0000-000000000000`,
    status: 'CREATE_COMPLETE',
    createdAt: 0,
    resources: {},
    leftovers: [],
    outputs: {
      BucketName: { value: bucketName },
      BucketDomainName: {
        value: `${bucketName}.s3.${region}.amazonaws.com`,
      },
      ImageRepositoryName: { value: repositoryName },
      BootstrapVersion: { value: version },
    },
    terminationProtection: true,
  }
}

/** @throws AwsError ValidationError */
export function refuseBootstrapStack(
  { bootstrap }: CloudFormationContext,
  nameOrId: string,
): void {
  const [name] = nameOrId.startsWith('arn:')
    ? nameOrId.split('/').slice(1)
    : [nameOrId]
  if (name === bootstrap.stackName)
    throw validation(
      `The local home is always bootstrapped (version ${bootstrap.version}), and its stack ${bootstrap.stackName} can't be changed. There is nothing to do. Continue with cdk deploy.`,
    )
}
