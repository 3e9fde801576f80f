import { AwsError } from '../../protocol/Service.js'
import type { SsmOperation } from '../SsmContext.js'
import { parameterArn, toParameter } from '../toParameter.js'

export const GetParameter: SsmOperation = (context, { Name }, principal) => {
  if (typeof Name !== 'string')
    throw new AwsError(
      'ValidationException',
      "1 validation error detected: Value null at 'name' failed to satisfy constraint: Member must not be null",
    )
  context.authorize({
    principal,
    action: 'ssm:GetParameter',
    resource: parameterArn(context, Name),
  })
  const value = context.parameters.get(Name)
  if (value === undefined) throw new AwsError('ParameterNotFound')
  return { Parameter: toParameter(context, Name, value) }
}
