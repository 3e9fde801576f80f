import { toFunctionArn } from '../FunctionName.js'
import { resolveFunction } from '../FunctionRegistry.js'
import type { Operation } from '../LambdaContext.js'
import { authorizeFunction, getEntry, paginate } from '../readRequest.js'
import { toJsonResponse, toWireConfiguration } from '../toWire.js'

/** Also supports `FunctionVersion=ALL`, which lists every version. */
export const ListFunctions: Operation = (context, request) => {
  context.authorize({
    principal: request.principal,
    action: 'lambda:ListFunctions',
    resource: '*',
  })
  const isAll = request.query.get('FunctionVersion') === 'ALL'
  const all = context.registry
    .list()
    .flatMap(({ latest, versions }) =>
      isAll
        ? [latest, ...versions].map((record) =>
            toWireConfiguration(
              context,
              record,
              toFunctionArn(context, record.name, record.version),
            ),
          )
        : [toWireConfiguration(context, latest)],
    )
  const { page, ...next } = paginate(request, all)
  return toJsonResponse({ Functions: page, ...next })
}

export const GetFunctionConfiguration: Operation = (
  context,
  request,
  [name = ''],
) => {
  const called = authorizeFunction(
    context,
    request,
    name,
    'lambda:GetFunctionConfiguration',
  )
  const { record } = resolveFunction(
    context.registry,
    called,
    context.accountId,
  )
  return toJsonResponse(toWireConfiguration(context, record, called.arn))
}

/** The answer has no `Code.Location`, because here the code has no S3 URL. */
export const GetFunction: Operation = (context, request, [name = '']) => {
  const called = authorizeFunction(context, request, name, 'lambda:GetFunction')
  const { entry, record } = resolveFunction(
    context.registry,
    called,
    context.accountId,
  )
  const { reservedConcurrency } = entry
  return toJsonResponse({
    Configuration: toWireConfiguration(context, record, called.arn),
    Code: { RepositoryType: 'S3' },
    ...(reservedConcurrency === undefined
      ? {}
      : { Concurrency: { ReservedConcurrentExecutions: reservedConcurrency } }),
  })
}

export const ListVersionsByFunction: Operation = (
  context,
  request,
  [name = ''],
) => {
  const called = authorizeFunction(
    context,
    request,
    name,
    'lambda:ListVersionsByFunction',
  )
  const { latest, versions } = getEntry(context, called)
  const { page, ...next } = paginate(request, [latest, ...versions])
  return toJsonResponse({
    Versions: page.map((record) =>
      toWireConfiguration(
        context,
        record,
        toFunctionArn(context, record.name, record.version),
      ),
    ),
    ...next,
  })
}
