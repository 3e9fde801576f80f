import type { Output } from '@aws-sdk/client-cloudformation'
import type { AwsConnection } from './connectAws.js'

/**
 * Yields all stacks of the account in the Region, with their outputs, page by
 * page.
 */
export async function* listStacks(
  connection: AwsConnection,
): AsyncGenerator<{ name: string; outputs: readonly Output[] }> {
  const { CloudFormationClient, paginateDescribeStacks } = await import(
    '@aws-sdk/client-cloudformation'
  )
  const client = connection.open(CloudFormationClient)
  for await (const { Stacks = [] } of paginateDescribeStacks({ client }, {}))
    for (const { StackName: name = '', Outputs: outputs = [] } of Stacks)
      yield { name, outputs }
}
