import { AwsError } from '../../protocol/Service.js'
import { toFunctionArn } from '../FunctionName.js'
import type { FunctionRecord } from '../FunctionRecord.js'
import { toRevisionId } from '../FunctionRecord.js'
import { functionNotFound } from '../FunctionRegistry.js'
import type { LambdaContext } from '../LambdaContext.js'
import {
  getEntry,
  onFunction,
  readJsonBody,
  readString,
} from '../readRequest.js'
import { toJsonResponse, toWireConfiguration } from '../toWire.js'

const isSame = (a: FunctionRecord | undefined, b: FunctionRecord) => {
  const content = ({
    version,
    lastModified,
    revisionId,
    ...rest
  }: FunctionRecord) => JSON.stringify(rest)
  return a !== undefined && content(a) === content(b)
}

/**
 * Publishes `$LATEST` as a version with the next number. As in AWS, returns the
 * last version if nothing has changed since.
 */
export function publishVersion(
  { registry, accountId, region }: LambdaContext,
  name: string,
  options: {
    codeSha256?: string | undefined
    revisionId?: string | undefined
    description?: string | undefined
  } = {},
): FunctionRecord {
  return registry.update(name, (entry) => {
    if (!entry)
      throw functionNotFound(toFunctionArn({ accountId, region }, name))
    const { latest, versions, nextVersion } = entry
    const { codeSha256, revisionId, description } = options
    if (revisionId !== undefined && revisionId !== latest.revisionId)
      throw new AwsError(
        'PreconditionFailedException',
        'The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id',
        412,
      )
    const sha256 = Buffer.from(latest.codeSha256, 'hex').toString('base64')
    if (codeSha256 !== undefined && codeSha256 !== sha256)
      throw new AwsError(
        'InvalidParameterValueException',
        `CodeSHA256 (${codeSha256.slice(0, 80)}) is different from current CodeSHA256 in $LATEST (${sha256}). Please try again with the CodeSHA256 in $LATEST.`,
      )
    const last = versions.at(-1)
    const next = { ...latest, ...(description ? { description } : {}) }
    if (last && isSame(last, next)) return { entry, value: last }
    const version = String(nextVersion)
    const revision = toRevisionId({ ...next, version })
    const record = { ...next, version, revisionId: revision }
    return {
      entry: {
        ...entry,
        versions: [...versions, record],
        nextVersion: nextVersion + 1,
      },
      value: record,
    }
  })
}

export const PublishVersion = onFunction(
  'lambda:PublishVersion',
  ({ context, request, called }) => {
    getEntry(context, called)
    const body = readJsonBody(request)
    const record = publishVersion(context, called.name, {
      codeSha256: readString(body, 'CodeSha256'),
      revisionId: readString(body, 'RevisionId'),
      description: readString(body, 'Description'),
    })
    const arn = toFunctionArn(context, record.name, record.version)
    return toJsonResponse(toWireConfiguration(context, record, arn), 201)
  },
)
