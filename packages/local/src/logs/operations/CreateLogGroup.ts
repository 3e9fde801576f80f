import { AwsError } from '../../protocol/Service.js'
import type { LogsOperation } from '../LogsContext.js'
import { groupName, toResource } from '../readInput.js'

export const CreateLogGroup: LogsOperation = (context, input, principal) => {
  const name = groupName(input)
  const resource = toResource(context, name)
  context.authorize({ principal, action: 'logs:CreateLogGroup', resource })
  if (context.store.group(name))
    throw new AwsError(
      'ResourceAlreadyExistsException',
      'The specified log group already exists',
    )
  context.store.save({ name, createdAt: context.now() })
  return undefined
}
