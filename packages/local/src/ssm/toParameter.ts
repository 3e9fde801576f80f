import type { SsmContext } from './SsmContext.js'

/** The ARN of a parameter, whose name may begin with a slash or not. */
export function parameterArn(
  { region, accountId }: SsmContext,
  name: string,
): string {
  const slash = name.startsWith('/') ? '' : '/'
  return `arn:aws:ssm:${region}:${accountId}:parameter${slash}${name}`
}

/** As SSM describes it. */
export function toParameter(context: SsmContext, name: string, value: string) {
  return {
    Name: name,
    Type: 'String',
    Value: value,
    Version: 1,
    LastModifiedDate: 0,
    ARN: parameterArn(context, name),
    DataType: 'text',
  }
}
