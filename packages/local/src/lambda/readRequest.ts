import { AwsError, type AwsRequest } from '../protocol/Service.js'
import { type FunctionName, parseFunctionName } from './FunctionName.js'
import type { FunctionEntry } from './FunctionRecord.js'
import { functionNotFound } from './FunctionRegistry.js'
import type { LambdaContext, Operation } from './LambdaContext.js'

/**
 * An operation on a function: reads the function's name, and checks (only once)
 * that the caller is allowed to make the request.
 */
export function onFunction(
  action: string,
  run: (call: {
    context: LambdaContext
    request: AwsRequest
    called: FunctionName
    names: readonly string[]
  }) => ReturnType<Operation>,
): Operation {
  return (context, request, names) => {
    const { principal, query } = request
    const [name = ''] = names
    const called = parseFunctionName(name, query.get('Qualifier'), context)
    context.authorize({
      principal,
      action,
      resource: called.arn,
      resourcePolicy: policyOf(
        context.registry.get(called.name),
        called.qualifier,
      ),
    })
    return run({ context, request, called, names })
  }
}

/**
 * The policy of a function, or of one of its versions or aliases, as JSON text.
 */
export function policyOf(
  entry: FunctionEntry | undefined,
  qualifier: string | undefined,
): string | undefined {
  const Statement = (entry?.permissions ?? [])
    .filter((each) => each.qualifier === qualifier)
    .map(({ statement }) => statement)
  if (Statement.length === 0) return undefined
  return JSON.stringify({ Version: '2012-10-17', Id: 'default', Statement })
}

/** @throws AwsError ResourceNotFoundException */
export function getEntry(
  context: LambdaContext,
  { name, arn }: FunctionName,
): FunctionEntry {
  const entry = context.registry.get(name)
  if (!entry || arn.split(':')[4] !== context.accountId)
    throw functionNotFound(arn)
  return entry
}

/** @throws AwsError InvalidRequestContentException */
export function readJsonBody(request: AwsRequest): Record<string, unknown> {
  if (request.body.length === 0) return {}
  try {
    const value: unknown = JSON.parse(request.body.toString('utf8'))
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>
  } catch {
    // The error is reported below. The parser's own message would quote the
    // body.
  }
  throw new AwsError(
    'InvalidRequestContentException',
    'Could not parse request body into json: a JSON object is expected.',
  )
}

/** @throws AwsError InvalidParameterValueException */
export function readString(
  body: Record<string, unknown>,
  field: string,
): string | undefined {
  const value = body[field]
  if (value === undefined || value === null) return undefined
  if (typeof value === 'string') return value
  throw new AwsError(
    'InvalidParameterValueException',
    `${field} must be a string.`,
  )
}

/** Returns the page that `MaxItems` and `Marker` (a position) select. */
export function paginate<item>(
  request: AwsRequest,
  items: readonly item[],
): { page: item[]; NextMarker?: string } {
  const marker = request.query.get('Marker') || '0'
  const maxItems = request.query.get('MaxItems') ?? '50'
  const start = Number(marker)
  const count = Number(maxItems)
  if (!/^\d{1,9}$/.test(marker))
    throw new AwsError('InvalidParameterValueException', 'Invalid Marker')
  if (!/^\d{1,5}$/.test(maxItems) || count < 1 || count > 10_000)
    throw new AwsError(
      'ValidationException',
      '1 validation error detected: MaxItems must be from 1 to 10000',
    )
  // Lambda returns at most 50, even if the request asks for more.
  const end = start + Math.min(count, 50)
  const page = items.slice(start, end)
  return end < items.length ? { page, NextMarker: String(end) } : { page }
}
