import { decide } from '@keyward/iam/policy'
import type { FunctionDefinition } from '../../lambda/FunctionRecord.js'
import type { JsonObject } from '../Json.js'
import {
  integer,
  list,
  members,
  oneOf,
  only,
  readProperties,
  tags,
  text,
} from '../properties.js'
import type { Place, ResourceType } from '../ResourceType.js'
import { quote } from '../StackError.js'
import { TemplateError } from '../TemplateError.js'
import { codeFile } from './codeFile.js'
import { readPolicy } from './policyDocument.js'
import { changeOf } from './recordOnly.js'

const levels = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'] as const

const spec = {
  Architectures: list(oneOf('arm64', 'x86_64')),
  Code: members({ S3Bucket: text, S3Key: text }),
  Description: text,
  Environment: members({ Variables: variables }),
  EphemeralStorage: members({ Size: only(512) }),
  FunctionName: text,
  Handler: text,
  LoggingConfig: members({
    ApplicationLogLevel: oneOf(...levels),
    LogFormat: oneOf('JSON', 'Text'),
    LogGroup: text,
    SystemLogLevel: oneOf('DEBUG', 'INFO', 'WARN'),
  }),
  MemorySize: integer,
  PackageType: only('Zip'),
  RecursiveLoop: only('Terminate'),
  ReservedConcurrentExecutions: integer,
  Role: text,
  // The functions run in the same version of Node as the home.
  Runtime: nodeRuntime,
  SnapStart: members({ ApplyOn: only('None') }),
  Tags: tags,
  Timeout: integer,
  TracingConfig: members({ Mode: oneOf('Active', 'PassThrough') }),
}

const read = (properties: JsonObject) =>
  readProperties(properties, spec, ['Code', 'Handler', 'Role', 'Runtime'])

const nameOf = (properties: JsonObject, { generatedName }: Place): string =>
  read(properties).FunctionName ?? generatedName.slice(0, 64)

const identify: ResourceType['identify'] = (properties, place) => {
  const { region, accountId } = place.home
  const name = nameOf(properties, place)
  const Arn = `arn:aws:lambda:${region}:${accountId}:function:${name}`
  return { physicalId: name, attributes: { Arn } }
}

const put = async (
  properties: JsonObject,
  place: Place,
  more: Partial<FunctionDefinition> = {},
) => {
  const definition = toDefinition(properties, place)
  await place.home.lambda.putFunction({ ...definition, ...more })
  return undefined
}

export const LambdaFunction: ResourceType = {
  check(properties, place) {
    const given = read(properties)
    if (!/^[a-zA-Z0-9-_]{1,64}$/.test(given.FunctionName ?? 'f'))
      throw new TemplateError(
        `FunctionName is ${quote(given.FunctionName)}. It must be 1 to 64 letters, digits, hyphens or underscores.`,
      )
    toDefinition(properties, place)
    assertTrusted(given.Role, place)
  },
  identify,
  change: changeOf(identify),
  taken({ physicalId }, { home, generatedName }) {
    const owner =
      physicalId === generatedName.slice(0, 64) ? 'stack' : 'function'
    const found = home.lambda.listFunctions().some((f) => f.name === physicalId)
    return found
      ? `The function name ${quote(physicalId)} is taken. Delete that function, or give the ${owner} another name.`
      : undefined
  },
  make: (properties, place) => put(properties, place),
  // An emergency stop, which is set outside the template, survives other
  // changes.
  update: (before, properties, place) =>
    put(
      properties,
      place,
      before.properties.ReservedConcurrentExecutions ===
        properties.ReservedConcurrentExecutions
        ? { reservedConcurrency: 'kept' }
        : {},
    ),
  async remove({ physicalId }, { home }) {
    home.lambda.deleteFunction(physicalId)
  },
}

function toDefinition(
  properties: JsonObject,
  place: Place,
): FunctionDefinition {
  const given = read(properties)
  const { LoggingConfig: logging = {} } = given
  return {
    name: nameOf(properties, place),
    code: codeFile(given.Code, given.Handler, place.asset),
    handler: given.Handler,
    roleArn: given.Role,
    environment: given.Environment?.Variables ?? {},
    description: given.Description ?? '',
    memorySizeMb: given.MemorySize ?? 128,
    timeoutS: given.Timeout ?? 3,
    logFormat: logging.LogFormat ?? 'Text',
    ...(logging.ApplicationLogLevel && {
      applicationLogLevel: logging.ApplicationLogLevel,
    }),
    ...(logging.LogGroup !== undefined && { logGroup: logging.LogGroup }),
    ...(given.ReservedConcurrentExecutions !== undefined && {
      reservedConcurrency: given.ReservedConcurrentExecutions,
    }),
  }
}

/**
 * A role in the stack must allow Lambda to assume it. Other roles are not
 * checked, because their policies are unknown here.
 */
function assertTrusted(roleArn: string, { home }: Place): void {
  const trust = home.trustPolicyOf(roleArn)
  if (!trust) return
  const resource = readPolicy(trust, 'trust')
  const service = 'lambda.amazonaws.com'
  const principal = { arn: service, account: home.accountId, service }
  const request = { principal, action: 'sts:AssumeRole', resource: roleArn }
  const policies = { identity: [], resource }
  if (!decide(request, policies, Date.now()).isAllowed)
    throw new TemplateError(
      `The role defined for the function cannot be assumed by Lambda: ${roleArn}`,
    )
}

function variables(value: unknown): Record<string, string> {
  const spec = Object.fromEntries(
    Object.keys(Object(value)).map((name) => [name, text]),
  )
  return readProperties(value as JsonObject, spec) as Record<string, string>
}

function nodeRuntime(value: unknown): string {
  if (typeof value === 'string' && /^nodejs\d+\.x$/.test(value)) return value
  throw new TemplateError(
    `It must be a Node runtime such as nodejs24.x in the local home, not ${JSON.stringify(value)}.`,
  )
}
