import { AwsError } from '../../protocol/Service.js'
import { assertUnreserved } from '../accountConcurrency.js'
import { functionNotFound } from '../FunctionRegistry.js'
import type { LambdaContext } from '../LambdaContext.js'
import { getEntry, onFunction, readJsonBody } from '../readRequest.js'
import { toJsonResponse } from '../toWire.js'

/** Reserves a number of concurrent invocations; 0 disables the function. */
export const PutFunctionConcurrency = onFunction(
  'lambda:PutFunctionConcurrency',
  ({ context, request, called }) => {
    refuseQualifier(called.qualifier)
    const value = readJsonBody(request).ReservedConcurrentExecutions
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
      throw new AwsError(
        'ValidationException',
        `1 validation error detected: Value '${String(value).slice(0, 80)}' at 'reservedConcurrentExecutions' failed to satisfy constraint: Member must have value greater than or equal to 0`,
      )
    getEntry(context, called)
    const { registry, accountLimit } = context
    assertUnreserved(registry, accountLimit, called.name, value)
    set(context, called, value)
    return toJsonResponse({ ReservedConcurrentExecutions: value })
  },
)

/** Returns an empty object if nothing is reserved. */
export const GetFunctionConcurrency = onFunction(
  'lambda:GetFunctionConcurrency',
  ({ context, called }) => {
    const { reservedConcurrency } = getEntry(context, called)
    return toJsonResponse(
      reservedConcurrency === undefined
        ? {}
        : { ReservedConcurrentExecutions: reservedConcurrency },
    )
  },
)

export const DeleteFunctionConcurrency = onFunction(
  'lambda:DeleteFunctionConcurrency',
  ({ context, called }) => {
    refuseQualifier(called.qualifier)
    getEntry(context, called)
    set(context, called, undefined)
    return { status: 204, headers: {}, body: '' }
  },
)

function set(
  { registry }: LambdaContext,
  { name, arn }: { name: string; arn: string },
  reservedConcurrency: number | undefined,
): void {
  registry.update(name, (before) => {
    if (!before) throw functionNotFound(arn)
    const { reservedConcurrency: _, ...others } = before
    const entry =
      reservedConcurrency === undefined
        ? others
        : { ...others, reservedConcurrency }
    return { entry, value: undefined }
  })
}

/**
 * Reserved concurrency applies to the whole function, never to a version or
 * alias.
 */
function refuseQualifier(qualifier: string | undefined): void {
  if (qualifier !== undefined)
    throw new AwsError(
      'InvalidParameterValueException',
      'This operation is permitted on Lambda functions only. Aliases and versions do not support this operation. Please specify either a function name or an unqualified function ARN.',
    )
}
