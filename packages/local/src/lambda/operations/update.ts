import { AwsError, type AwsRequest } from '../../protocol/Service.js'
import type { FunctionRecord, LogFormat, LogLevel } from '../FunctionRecord.js'
import { functionNotFound } from '../FunctionRegistry.js'
import type { LambdaContext } from '../LambdaContext.js'
import { type Code, CodeError, readCode } from '../readCode.js'
import {
  getEntry,
  onFunction,
  readJsonBody,
  readString,
} from '../readRequest.js'
import { toFunctionRecord } from '../toFunctionRecord.js'
import { toJsonResponse, toWireConfiguration } from '../toWire.js'

type Change = Partial<Omit<FunctionRecord, 'name' | 'version'>>

function invalid(text: string): AwsError {
  return new AwsError('InvalidParameterValueException', text)
}

/** Unknown members might matter, so they are refused rather than dropped. */
function refuseOthers(body: object, known: readonly string[]): void {
  const other = Object.keys(body).find((name) => !known.includes(name))
  if (other !== undefined)
    throw invalid(
      `The local Lambda doesn't support ${other.slice(0, 80)} here. Leave it out.`,
    )
}

/** Applies the change to `$LATEST`; versions stay unchanged. */
function update(
  { registry, pool, now }: LambdaContext,
  name: string,
  arn: string,
  change: Change,
): FunctionRecord {
  const entry = registry.update(name, (before) => {
    if (!before) throw functionNotFound(arn)
    const { codeSha256, codeSize, ...rest } = { ...before.latest, ...change }
    const code = { sha256: codeSha256, size: codeSize }
    // The code is already in the store, so nothing is read from a path.
    const definition = { ...rest, code: { path: '' } }
    const latest = toFunctionRecord(definition, code, now())
    const isSame = latest.revisionId === before.latest.revisionId
    const after = isSame ? before : { ...before, latest }
    return { entry: after, value: after }
  })
  pool.retire(name, [entry.latest, ...entry.versions])
  return entry.latest
}

/** A ZIP archive with `index.mjs` and companion files. */
export const UpdateFunctionCode = onFunction(
  'lambda:UpdateFunctionCode',
  async ({ context, request, called }) => {
    getEntry(context, called)
    const body = readJsonBody(request)
    refuseOthers(body, ['ZipFile', 'Architectures', 'DryRun', 'Publish'])
    if (body.Publish === true)
      throw invalid(
        "The local Lambda doesn't support Publish here. Call PublishVersion.",
      )
    const zip = readString(body, 'ZipFile')
    if (zip === undefined) throw invalid('ZipFile is required.')
    const { content, beside } = read(Buffer.from(zip, 'base64'))
    const { sha256, size } = await context.code.addContent(content, beside)
    const change = { codeSha256: sha256, codeSize: size }
    const record =
      body.DryRun === true
        ? { ...getEntry(context, called).latest, ...change }
        : update(context, called.name, called.arn, change)
    return toJsonResponse(toWireConfiguration(context, record))
  },
)

function read(archive: Buffer): Code {
  try {
    return readCode(archive)
  } catch (error) {
    if (error instanceof CodeError) throw invalid(error.message)
    throw error
  }
}

export const UpdateFunctionConfiguration = onFunction(
  'lambda:UpdateFunctionConfiguration',
  ({ context, request, called }) => {
    getEntry(context, called)
    const change = readChange(request)
    const record = update(context, called.name, called.arn, change)
    return toJsonResponse(toWireConfiguration(context, record))
  },
)

const known = [
  'Description',
  'Environment',
  'Handler',
  'LoggingConfig',
  'MemorySize',
  'Role',
  'Timeout',
]

const formats: readonly LogFormat[] = ['JSON', 'Text']
const levels: readonly LogLevel[] = [
  'TRACE',
  'DEBUG',
  'INFO',
  'WARN',
  'ERROR',
  'FATAL',
]

function readChange(request: AwsRequest): Change {
  const body = readJsonBody(request)
  refuseOthers(body, known)
  const number = (field: string): number | undefined => {
    const value = body[field] ?? undefined
    if (value === undefined || typeof value === 'number') return value
    throw invalid(`${field} must be a number.`)
  }
  const logging = objectOf(body, 'LoggingConfig')
  const format = oneOf(logging, 'LogFormat', formats)
  const level = oneOf(logging, 'ApplicationLogLevel', levels)
  const environment = objectOf(body, 'Environment')
  const variables = objectOf(environment, 'Variables')
  const change = {
    description: readString(body, 'Description'),
    handler: readString(body, 'Handler'),
    roleArn: readString(body, 'Role'),
    memorySizeMb: number('MemorySize'),
    timeoutS: number('Timeout'),
    logFormat: format,
    applicationLogLevel: level,
    environment:
      body.Environment === undefined
        ? undefined
        : Object.fromEntries(
            Object.keys(variables).map((each) => [
              each,
              readString(variables, each) ?? '',
            ]),
          ),
  }
  return Object.fromEntries(
    Object.entries(change).filter(([, value]) => value !== undefined),
  )
}

function oneOf<T extends string>(
  body: Record<string, unknown>,
  field: string,
  values: readonly T[],
): T | undefined {
  const value = readString(body, field)
  const found = values.find((each) => each === value)
  if (value === found) return found
  throw invalid(`${field} must be one of ${values.join(', ')}.`)
}

function objectOf(
  body: Record<string, unknown>,
  field: string,
): Record<string, unknown> {
  const value = body[field] ?? {}
  if (typeof value === 'object' && !Array.isArray(value))
    return value as Record<string, unknown>
  throw invalid(`${field} must be an object.`)
}
