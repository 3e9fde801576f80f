import type { AwsConnection } from '../aws/connectAws.js'
import { isMissing } from '../aws/peek.js'
import { followStack, markEvents } from '../deploy/followStack.js'
import * as RpcEndpoint from '../deploy/RpcEndpoint.js'
import { type Io, resumable } from '../Io.js'
import type { CloudFormation } from '../stack/CloudFormation.js'
import type { Stack } from '../stack/readStack.js'
import * as Step from '../stack/Step.js'

/** Makes CloudFormation delete a stack and reports its events. */
export function removeStack(
  io: Io,
  { target }: AwsConnection,
  client: CloudFormation,
  { name, id, status, resources }: Stack,
): Promise<Step.Step> {
  const runAs =
    "the deployer (CDK's deployment role, or a principal that has cloudformation:DeleteStack)"
  return Step.run('stack', `stack ${name}`, runAs, async () => {
    const { DeleteStackCommand } = await import(
      '@aws-sdk/client-cloudformation'
    )
    const before = await markEvents(client, id)
    // If the stack is already being deleted, only follow the deletion.
    if (status !== 'DELETE_IN_PROGRESS')
      await client.send(new DeleteStackCommand({ StackName: id }))
    const outcome = await resumable(
      io,
      `CloudFormation is still deleting ${name}. Run keyward destroy --stack ${name} again to finish the rest.`,
      () => followStack(io, client, target, id, before, resources.length),
    )
    if (outcome.status === 'DELETE_COMPLETE') return 'removed'
    const reasons = outcome.failures.map(
      ({ logicalId, reason }) => `${logicalId}: ${reason}`,
    )
    throw new Error(
      `The deletion ended in ${outcome.status}. ${reasons.join(' ')}`,
    )
  })
}

/** Deletes a log group, which remains when its stack is deleted. */
export function removeLogGroup(
  connection: AwsConnection,
  name: string,
): Promise<Step.Step> {
  const runAs = 'a principal whose IAM policy allows logs:DeleteLogGroup'
  return Step.run('logs', name, runAs, async () => {
    const { CloudWatchLogsClient, DeleteLogGroupCommand } = await import(
      '@aws-sdk/client-cloudwatch-logs'
    )
    const logs = connection.open(CloudWatchLogsClient)
    try {
      await logs.send(new DeleteLogGroupCommand({ logGroupName: name }))
      return 'log group deleted'
    } catch (error) {
      if (isMissing(error)) return 'was already deleted'
      throw error
    }
  })
}

/** Deletes the RPC endpoint's URL that `deploy` stored for the stack. */
export function removeParameter(
  connection: AwsConnection,
  stack: string,
): Promise<Step.Step> {
  const runAs = 'a principal whose IAM policy allows ssm:DeleteParameter'
  const part = RpcEndpoint.parameterName(stack)
  return Step.run('parameter', part, runAs, async () => {
    const outcome = await RpcEndpoint.forget(connection, stack)
    return outcome === 'deleted' ? 'parameter removed' : 'was already deleted'
  })
}
