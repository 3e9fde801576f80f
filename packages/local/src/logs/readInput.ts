import type { Principal } from '@keyward/iam/policy'
import { AwsError } from '../protocol/Service.js'
import type { LogGroup } from './LogGroup.js'
import type { LogsContext, LogsInput } from './LogsContext.js'

export const invalid = (text: string) =>
  new AwsError('InvalidParameterException', text)

/** @throws AwsError InvalidParameterException */
export function optionalText(
  input: LogsInput,
  name: string,
): string | undefined {
  const value = input[name]
  if (value === undefined || value === null) return undefined
  if (typeof value === 'string') return value
  throw invalid(`The parameter ${name} must be text.`)
}

/** @throws AwsError InvalidParameterException */
export function optionalInteger(
  input: LogsInput,
  name: string,
  range: { min: number; max: number },
): number | undefined {
  const value = input[name]
  if (value === undefined || value === null) return undefined
  const isFit =
    typeof value === 'number' &&
    Number.isSafeInteger(value) &&
    value >= range.min &&
    value <= range.max
  if (isFit) return value
  throw invalid(
    `1 validation error detected: Value '${String(value).slice(0, 80)}' at '${name}' failed to satisfy constraint: Member must have value from ${range.min} to ${range.max}`,
  )
}

/** @throws AwsError InvalidParameterException */
export function optionalTexts(
  input: LogsInput,
  name: string,
): string[] | undefined {
  const value = input[name]
  if (value === undefined || value === null) return undefined
  if (Array.isArray(value) && value.every((each) => typeof each === 'string'))
    return value
  throw invalid(`The parameter ${name} must be a list of strings.`)
}

/**
 * The name of a log group, given directly or in its ARN.
 *
 * @throws AwsError InvalidParameterException
 */
export function groupName(input: LogsInput): string {
  const identifier = optionalText(input, 'logGroupIdentifier')
  const name =
    optionalText(input, 'logGroupName') ??
    /^arn:aws[a-z-]*:logs:[^:]*:\d{12}:log-group:([^:]+)(?::\*)?$/.exec(
      identifier ?? '',
    )?.[1] ??
    identifier
  if (name === undefined)
    throw invalid(
      "1 validation error detected: Value null at 'logGroupName' failed to satisfy constraint: Member must not be null",
    )
  if (!/^[.\-_/#A-Za-z0-9]{1,512}$/.test(name))
    throw invalid(
      `1 validation error detected: Value '${name.slice(0, 80)}' at 'logGroupName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+`,
    )
  return name
}

/** The ARN of a group, or of its streams, for policies. */
export function toResource(
  { region, accountId }: LogsContext,
  name: string,
  stream = '',
): string {
  return `arn:aws:logs:${region}:${accountId}:log-group:${name}:log-stream:${stream}`
}

/**
 * Finds a group on which the caller may perform this action.
 *
 * @throws AwsError AccessDeniedException, ResourceNotFoundException
 */
export function findGroup(
  context: LogsContext,
  input: LogsInput,
  principal: Principal,
  action: string,
): LogGroup {
  const name = groupName(input)
  const resource = toResource(context, name)
  context.authorize({ principal, action: `logs:${action}`, resource })
  const group = context.store.group(name)
  if (group) return group
  throw new AwsError(
    'ResourceNotFoundException',
    'The specified log group does not exist.',
  )
}

/** Returns one page. `nextToken` is a position. */
export function paginate<item>(
  input: LogsInput,
  items: readonly item[],
  size: number,
): { page: item[]; nextToken?: string } {
  const token = optionalText(input, 'nextToken') ?? '0'
  if (!/^\d{1,9}$/.test(token))
    throw invalid('The specified nextToken is invalid.')
  const end = Number(token) + size
  const page = items.slice(Number(token), end)
  return end < items.length ? { page, nextToken: String(end) } : { page }
}
