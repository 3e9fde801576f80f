import { toFunctionArn } from '../FunctionName.js'
import { resolveFunction } from '../FunctionRegistry.js'
import type { Operation } from '../LambdaContext.js'
import { getEntry, onFunction, paginate } from '../readRequest.js'
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

export const GetFunctionConfiguration = onFunction(
  'lambda:GetFunctionConfiguration',
  ({ context, called }) => {
    const { record } = resolveFunction(
      context.registry,
      called,
      context.accountId,
    )
    return toJsonResponse(toWireConfiguration(context, record, called.arn))
  },
)

/** The answer has no `Code.Location`, because here the code has no S3 URL. */
export const GetFunction = onFunction(
  'lambda:GetFunction',
  ({ context, called }) => {
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
        : {
            Concurrency: { ReservedConcurrentExecutions: reservedConcurrency },
          }),
    })
  },
)

export const ListVersionsByFunction = onFunction(
  'lambda:ListVersionsByFunction',
  ({ context, request, called }) => {
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
  },
)
