import { toArn } from '../ParameterName.js'
import type { SsmOperation } from '../SsmContext.js'

/** Returns all parameters on one page, never with a value. */
export const DescribeParameters: SsmOperation = (context, _, principal) => {
  context.authorize({
    principal,
    action: 'ssm:DescribeParameters',
    resource: `arn:aws:ssm:${context.region}:${context.accountId}:*`,
  })
  return {
    Parameters: context.parameters.list().flatMap(({ name, versions }) => {
      const newest = versions.at(-1)
      if (newest === undefined) return []
      const { type, description, version, changedAt } = newest
      return {
        Name: name,
        ARN: toArn(context, name),
        Type: type,
        ...(type === 'SecureString' && { KeyId: 'alias/aws/ssm' }),
        ...(description && { Description: description }),
        LastModifiedDate: changedAt / 1000,
        Version: version,
        Tier: 'Standard',
        Policies: [],
        DataType: 'text',
      }
    }),
  }
}
