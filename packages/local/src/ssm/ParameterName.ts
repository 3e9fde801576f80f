import { AwsError } from '../protocol/Service.js'
import type { SsmContext } from './SsmContext.js'

/** A parsed parameter name and version. */
export type ParameterName = {
  /** ARN of the parameter for policies, without a version. */
  arn: string
  /**
   * The possible names. An ARN doesn't show whether the name begins with a
   * slash.
   */
  names: readonly string[]
  /** The requested version, such as `:3`, or an empty text. */
  selector: string | undefined
}

/** The ARN of a parameter, whose name may or may not begin with a slash. */
export function toArn(
  { region, accountId }: Pick<SsmContext, 'region' | 'accountId'>,
  name: string,
): string {
  const slash = name.startsWith('/') ? '' : '/'
  return `arn:aws:ssm:${region}:${accountId}:parameter${slash}${name}`
}

/**
 * Reads `NAME`, `NAME:VERSION`, or an ARN instead of the name.
 *
 * @throws AwsError ValidationException
 */
export function read(context: SsmContext, input: unknown): ParameterName {
  const text = readText(input, 'name')
  const [, whole = '', path, selector] =
    /^((?:arn:[^:]*:ssm:[^:]*:[^:]*:parameter(?=\/))?([^:]*))(:[^:]+)?$/.exec(
      text,
    ) ?? []
  if (path === undefined || path === '') throw malformed()
  if (whole === path)
    return { arn: toArn(context, path), names: [path], selector }
  const isOurs = whole === toArn(context, path)
  return { arn: whole, names: isOurs ? [path, path.slice(1)] : [], selector }
}

/**
 * Checks the name of a new parameter.
 *
 * @throws AwsError for a name that AWS refuses
 */
export function readNew(input: unknown): string {
  const name = readText(input, 'name')
  const first = name.replace(/^\//, '').toLowerCase()
  if (first.startsWith('aws'))
    throw new AwsError(
      'AccessDeniedException',
      `No access to reserved parameter name: ${name.slice(0, 80)}.`,
    )
  if (!/^[\w./-]+$/.test(name) || first.startsWith('ssm') || /\/\//.test(name))
    throw malformed()
  if (name.endsWith('/'))
    throw invalid('Parameter name must not end with slash.')
  if (name.includes('/') && !name.startsWith('/'))
    throw invalid('Parameter name must be a fully qualified name.')
  if (name.split('/').length > 16)
    throw new AwsError(
      'HierarchyLevelLimitExceededException',
      'A hierarchy can have a maximum of 15 levels.',
    )
  return name
}

function readText(input: unknown, member: string): string {
  if (input === undefined || input === null)
    throw invalid(
      `1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`,
    )
  if (typeof input !== 'string') throw new AwsError('SerializationException')
  const text = input.trim()
  if (text.length >= 1 && text.length <= 2048) return text
  throw invalid(
    `1 validation error detected: Value at '${member}' failed to satisfy constraint: Member must have length from 1 to 2048`,
  )
}

export function invalid(text: string): AwsError {
  return new AwsError('ValidationException', text)
}

function malformed(): AwsError {
  return invalid(
    'Parameter name: can\'t be prefixed with "ssm" (case-insensitive). If formed as a path, it can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_',
  )
}
