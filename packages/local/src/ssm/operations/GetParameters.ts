import { AwsError } from '../../protocol/Service.js'
import type { SsmOperation } from '../SsmContext.js'
import { parameterArn, toParameter } from '../toParameter.js'

export const GetParameters: SsmOperation = (context, { Names }, principal) => {
  const names: unknown[] = Array.isArray(Names) ? Names : []
  if (names.length < 1 || names.length > 10 || !names.every(isText))
    throw new AwsError(
      'ValidationException',
      "1 validation error detected: Value at 'names' failed to satisfy constraint: Member must have length from 1 to 10",
    )
  for (const name of names)
    context.authorize({
      principal,
      action: 'ssm:GetParameters',
      resource: parameterArn(context, name),
    })
  return {
    Parameters: names.flatMap((name) => {
      const value = context.parameters.get(name)
      return value === undefined ? [] : toParameter(context, name, value)
    }),
    InvalidParameters: names.filter((name) => !context.parameters.has(name)),
  }
}

const isText = (value: unknown): value is string => typeof value === 'string'
