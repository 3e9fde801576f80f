import { AwsError } from '../protocol/Service.js'

/** A function as a caller named it. */
export type FunctionName = {
  name: string
  /** `$LATEST`, a version or an alias; undefined if the caller gave none. */
  qualifier: string | undefined
  /** The ARN that was called, with a qualifier only if one was given. */
  arn: string
}

type Home = { accountId: string; region: string }

const pattern =
  /^(?:arn:aws[a-zA-Z-]*:lambda:([a-z]{2}(?:-gov)?-[a-z]+-\d):)?(?:(\d{12}):)?(?:function:)?([a-zA-Z0-9-_]{1,64})(?::(\$LATEST|[a-zA-Z0-9-_]{1,129}))?$/

export function toFunctionArn(
  home: Home,
  name: string,
  qualifier?: string | undefined,
): string {
  const arn = `arn:aws:lambda:${home.region}:${home.accountId}:function:${name}`
  return qualifier === undefined ? arn : `${arn}:${qualifier}`
}

/**
 * Reads a name, `name:qualifier`, `account:function:name` or a whole ARN,
 * together with the `Qualifier` parameter.
 */
export function parseFunctionName(
  text: string,
  qualifierParameter: string | null,
  home: Home,
): FunctionName {
  const match = pattern.exec(text)
  if (!match)
    throw new AwsError(
      'ValidationException',
      `1 validation error detected: Value '${text.slice(0, 80)}' at 'functionName' failed to satisfy constraint: Member must satisfy regular expression pattern: (arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?([a-zA-Z0-9-_\\.]+)(:(\\$LATEST|[a-zA-Z0-9-_]+))?`,
    )
  const [, region, account, name = '', inName] = match
  const given = qualifierParameter || undefined
  if (inName !== undefined && given !== undefined && inName !== given)
    throw new AwsError(
      'InvalidParameterValueException',
      'The derived qualifier from the function name does not match the specified qualifier.',
    )
  const qualifier = inName ?? given
  if (region !== undefined && region !== home.region)
    throw new AwsError(
      'ResourceNotFoundException',
      `Functions from '${region}' are not reachable in this region ('${home.region}')`,
      404,
    )
  const owner = { ...home, accountId: account ?? home.accountId }
  const arn = toFunctionArn(owner, name, qualifier)
  return { name, qualifier, arn }
}
