import { AwsError } from '../protocol/Service.js'
import {
  type FunctionDefinition,
  type FunctionRecord,
  toRevisionId,
} from './FunctionRecord.js'
import { findGranting } from './findGranting.js'

/** Names that Lambda sets and that a configuration must not set. */
const reservedVariables = new Set([
  '_HANDLER',
  '_X_AMZN_TRACE_ID',
  'AWS_DEFAULT_REGION',
  'AWS_REGION',
  'AWS_EXECUTION_ENV',
  'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
  'AWS_LAMBDA_FUNCTION_VERSION',
  'AWS_LAMBDA_INITIALIZATION_TYPE',
  'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME',
  'AWS_ACCESS_KEY',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_LAMBDA_RUNTIME_API',
  'LAMBDA_TASK_ROOT',
  'LAMBDA_RUNTIME_DIR',
])
const maxEnvironmentBytes = 4096

function invalid(text: string): never {
  throw new AwsError('InvalidParameterValueException', text)
}

function assertInteger(name: string, value: number, from: number, to: number) {
  if (!Number.isInteger(value) || value < from || value > to)
    invalid(
      `${name} is ${value}. It must be a whole number from ${from} to ${to}.`,
    )
}

function assertEnvironment(environment: Readonly<Record<string, string>>) {
  const names = Object.keys(environment)
  const reserved = names.filter((name) => reservedVariables.has(name))
  if (reserved.length > 0)
    invalid(
      `Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${reserved.join(', ')}`,
    )
  const granting = findGranting(environment)
  if (granting.length > 0)
    invalid(
      `The local home refuses ${granting.join(', ')}: such settings could give a function access to the files of this machine, while AWS isolates each function. Leave them out here.`,
    )
  for (const name of names)
    if (!/^[a-zA-Z][a-zA-Z0-9_]+$/.test(name))
      invalid(
        `Lambda does not accept ${JSON.stringify(name.slice(0, 80))} as the name of an environment variable. The name must be two or more letters, digits and underscores, starting with a letter.`,
      )
  const size = Buffer.byteLength(JSON.stringify(environment))
  if (size > maxEnvironmentBytes)
    invalid(
      `Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit. String measured: ${size} bytes`,
    )
}

/**
 * Checks a definition and fills in Lambda's defaults. The result becomes
 * `$LATEST`.
 *
 * @throws AwsError InvalidParameterValueException.
 */
export function toFunctionRecord(
  definition: FunctionDefinition,
  code: { sha256: string; size: number },
  now: number,
): FunctionRecord {
  const { name, roleArn, environment = {} } = definition
  const { memorySizeMb = 128, timeoutS = 3 } = definition
  if (!/^[a-zA-Z0-9-_]{1,64}$/.test(name))
    invalid(
      `Function name ${JSON.stringify(name.slice(0, 80))} must have 1 to 64 letters, digits, hyphens and underscores.`,
    )
  if (!/^arn:aws[a-zA-Z-]*:iam::\d{12}:role\/./.test(roleArn))
    invalid(
      `The role of ${name} is ${JSON.stringify(roleArn.slice(0, 80))}, not the ARN of a role.`,
    )
  assertInteger(`Memory size of ${name}`, memorySizeMb, 128, 10_240)
  assertInteger(`Timeout of ${name}`, timeoutS, 1, 900)
  const { reservedConcurrency = 0 } = definition
  assertInteger(
    `Reserved concurrency of ${name}`,
    reservedConcurrency === 'kept' ? 0 : reservedConcurrency,
    0,
    1000,
  )
  assertInteger(
    `Retry attempts of ${name}`,
    definition.maximumRetryAttempts ?? 2,
    0,
    2,
  )
  assertEnvironment(environment)
  const content = {
    name,
    version: '$LATEST',
    handler: definition.handler ?? 'index.handler',
    roleArn,
    environment: { ...environment },
    description: definition.description ?? '',
    memorySizeMb,
    timeoutS,
    logFormat: definition.logFormat ?? 'Text',
    applicationLogLevel: definition.applicationLogLevel ?? 'INFO',
    ...(definition.logGroup !== undefined && { logGroup: definition.logGroup }),
    codeSha256: code.sha256,
    codeSize: code.size,
  } as const
  return { ...content, lastModified: now, revisionId: toRevisionId(content) }
}
