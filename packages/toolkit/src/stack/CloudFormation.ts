import type {
  CloudFormationClient,
  CloudFormationClientConfig,
} from '@aws-sdk/client-cloudformation'
import type { AwsConnection } from '../aws/connectAws.js'
import { partitionOf } from '../aws/partitionOf.js'
import { isDenied } from '../aws/peek.js'

/** The parts of CloudFormation that commands need. */
export type CloudFormation = Pick<CloudFormationClient, 'send'>

/**
 * Connects to CloudFormation as the CDK CLI does: with the deployment role that
 * `cdk bootstrap` created, which even users without other permissions can
 * assume, or else with the caller's own permissions.
 *
 * @param qualifier - The bootstrap qualifier, if it is not the standard one.
 */
export async function connectCloudFormation(
  connection: AwsConnection,
  qualifier: string | undefined = 'hnb659fds',
): Promise<CloudFormation> {
  const { CloudFormationClient } = await import(
    '@aws-sdk/client-cloudformation'
  )
  const own = connection.open(CloudFormationClient)
  const credentials = await takeDeployRole(connection, qualifier)
  if (credentials === undefined) return own
  const role = connection.open(CloudFormationClient, credentials)
  const send = async (...args: Parameters<CloudFormation['send']>) => {
    try {
      return await role.send(...args)
    } catch (error) {
      if (!isDenied(error)) throw error
      return own.send(...args)
    }
  }
  return { send: send as CloudFormation['send'] }
}

async function takeDeployRole(
  connection: AwsConnection,
  qualifier: string,
): Promise<CloudFormationClientConfig['credentials'] | undefined> {
  const { STSClient, AssumeRoleCommand } = await import('@aws-sdk/client-sts')
  const { account, region } = connection
  const sts = connection.open(STSClient)
  try {
    const { Credentials: given } = await sts.send(
      new AssumeRoleCommand({
        RoleArn: `arn:${partitionOf(region)}:iam::${account}:role/cdk-${qualifier}-deploy-role-${account}-${region}`,
        RoleSessionName: 'keyward',
      }),
    )
    const { AccessKeyId, SecretAccessKey, SessionToken } = given ?? {}
    if (!AccessKeyId || !SecretAccessKey || !SessionToken) return undefined
    return {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      sessionToken: SessionToken,
    }
  } catch {
    // Either the account is not bootstrapped, or the caller isn't allowed to
    // assume the role. The caller's own permissions then decide, and a refusal
    // of those says more.
    return undefined
  }
}
