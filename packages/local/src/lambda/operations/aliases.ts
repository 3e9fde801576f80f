import { AwsError, type AwsRequest } from '../../protocol/Service.js'
import { toFunctionArn } from '../FunctionName.js'
import {
  type AliasRecord,
  type FunctionEntry,
  toRevisionId,
} from '../FunctionRecord.js'
import { functionNotFound } from '../FunctionRegistry.js'
import type { LambdaContext } from '../LambdaContext.js'
import {
  getEntry,
  onFunction,
  paginate,
  readJsonBody,
  readString,
} from '../readRequest.js'
import { toJsonResponse, toWireAlias } from '../toWire.js'

type Alias = {
  name: string
  functionVersion: string
  description?: string | undefined
}

function aliasNotFound(context: LambdaContext, name: string, alias: string) {
  return new AwsError(
    'ResourceNotFoundException',
    `Cannot find alias arn: ${toFunctionArn(context, name, alias)}`,
    404,
  )
}

function toAlias(
  context: LambdaContext,
  entry: FunctionEntry,
  alias: Alias,
): AliasRecord {
  const { name, functionVersion, description = '' } = alias
  if (!/^(?!^[0-9]+$)[a-zA-Z0-9-_]{1,128}$/.test(name))
    throw new AwsError(
      'ValidationException',
      `1 validation error detected: Value '${name.slice(0, 80)}' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: (?!^[0-9]+$)([a-zA-Z0-9-_]+)`,
    )
  const exists =
    functionVersion === '$LATEST' ||
    entry.versions.some(({ version }) => version === functionVersion)
  if (!exists)
    throw functionNotFound(
      toFunctionArn(context, entry.latest.name, functionVersion),
    )
  const content = { name, functionVersion, description }
  const revisionId = toRevisionId([entry.latest.name, content])
  return { ...content, revisionId }
}

/** Adds an alias or points it to another version. */
export function putAlias(
  context: LambdaContext,
  functionName: string,
  alias: {
    name: string
    functionVersion?: string | undefined
    description?: string | undefined
  },
  existence: 'new' | 'existing' | 'any',
): AliasRecord {
  return context.registry.update(functionName, (entry) => {
    const arn = toFunctionArn(context, functionName)
    if (!entry) throw functionNotFound(arn)
    const before = entry.aliases.find(({ name }) => name === alias.name)
    if (before && existence === 'new')
      throw new AwsError(
        'ResourceConflictException',
        `Alias already exists: ${arn}:${alias.name}`,
        409,
      )
    if (!before && existence === 'existing')
      throw aliasNotFound(context, functionName, alias.name)
    const functionVersion = alias.functionVersion ?? before?.functionVersion
    if (functionVersion === undefined)
      throw new AwsError(
        'InvalidParameterValueException',
        'FunctionVersion is required.',
      )
    const value = toAlias(context, entry, {
      name: alias.name,
      functionVersion,
      description: alias.description ?? before?.description,
    })
    const others = entry.aliases.filter(({ name }) => name !== alias.name)
    const aliases = [...others, value].sort((a, b) =>
      a.name < b.name ? -1 : 1,
    )
    return { entry: { ...entry, aliases }, value }
  })
}

/**
 * With a weighted alias, the version that a caller gets would depend on chance.
 */
function refuseRouting(body: Record<string, unknown>) {
  if (body.RoutingConfig !== undefined && body.RoutingConfig !== null)
    throw new AwsError(
      'InvalidParameterValueException',
      "The local Lambda doesn't support weighted aliases. Leave " +
        'RoutingConfig out.',
    )
}

function readAlias(request: AwsRequest) {
  const body = readJsonBody(request)
  refuseRouting(body)
  return {
    name: readString(body, 'Name') ?? '',
    functionVersion: readString(body, 'FunctionVersion'),
    description: readString(body, 'Description'),
  }
}

export const CreateAlias = onFunction(
  'lambda:CreateAlias',
  ({ context, request, called }) => {
    getEntry(context, called)
    const alias = putAlias(context, called.name, readAlias(request), 'new')
    return toJsonResponse(toWireAlias(context, called.name, alias), 201)
  },
)

export const UpdateAlias = onFunction(
  'lambda:UpdateAlias',
  ({ context, request, called, names: [, alias = ''] }) => {
    getEntry(context, called)
    const change = { ...readAlias(request), name: alias }
    const updated = putAlias(context, called.name, change, 'existing')
    return toJsonResponse(toWireAlias(context, called.name, updated))
  },
)

export const GetAlias = onFunction(
  'lambda:GetAlias',
  ({ context, called, names: [, alias = ''] }) => {
    const { aliases } = getEntry(context, called)
    const found = aliases.find((each) => each.name === alias)
    if (!found) throw aliasNotFound(context, called.name, alias)
    return toJsonResponse(toWireAlias(context, called.name, found))
  },
)

/** As in AWS, succeeds for an alias that doesn't exist. */
export const DeleteAlias = onFunction(
  'lambda:DeleteAlias',
  ({ context, called, names: [, alias = ''] }) => {
    getEntry(context, called)
    context.registry.update(called.name, (entry) => ({
      entry: entry && {
        ...entry,
        aliases: entry.aliases.filter((each) => each.name !== alias),
      },
      value: undefined,
    }))
    return { status: 204, headers: {} }
  },
)

export const ListAliases = onFunction(
  'lambda:ListAliases',
  ({ context, request, called }) => {
    const version = request.query.get('FunctionVersion')
    const matching = getEntry(context, called).aliases.filter(
      (alias) => version === null || alias.functionVersion === version,
    )
    const { page, ...next } = paginate(request, matching)
    const Aliases = page.map((alias) =>
      toWireAlias(context, called.name, alias),
    )
    return toJsonResponse({ Aliases, ...next })
  },
)
