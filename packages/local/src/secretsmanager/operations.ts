import { randomInt, randomUUID } from 'node:crypto'
import type { Principal } from '@keyward/iam/policy'
import type { Authorize } from '../iam/Authorize.js'
import { AwsError } from '../protocol/Service.js'
import type { Secret, SecretStore } from './createSecretStore.js'

export type Context = {
  accountId: string
  region: string
  authorize: Authorize
  secrets: SecretStore
  /** Milliseconds since 1970. */
  now: () => number
}

type Input = Readonly<Record<string, unknown>>
type Operation = (context: Context, input: Input, caller: Principal) => object

const maxBytes = 65_536
const stage = 'AWSCURRENT'

/** The supported part of Secrets Manager: one version of each secret. */
export const operations: Readonly<Record<string, Operation>> = {
  CreateSecret(context, input, caller) {
    const name = readText(input, 'Name')
    if (name === undefined || !/^[\w/+=.@-]{1,512}$/.test(name))
      throw invalid(
        'Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!',
      )
    const arn = newArn(context, name)
    ask(context, caller, 'CreateSecret', arn)
    if (context.secrets.find(name))
      throw new AwsError(
        'ResourceExistsException',
        `The operation failed because the secret ${name} already exists.`,
      )
    const time = context.now()
    const secret: Secret = {
      name,
      arn,
      description: readText(input, 'Description'),
      ...readValue(input, 'optional'),
      versionId: readText(input, 'ClientRequestToken') ?? randomUUID(),
      createdAt: time,
      changedAt: time,
    }
    context.secrets.put(secret)
    return { ARN: arn, Name: name, VersionId: secret.versionId }
  },

  PutSecretValue(context, input, caller) {
    const secret = find(context, input, caller, 'PutSecretValue')
    const versionId = readText(input, 'ClientRequestToken') ?? randomUUID()
    context.secrets.put({
      ...secret,
      ...readValue(input, 'required'),
      versionId,
      changedAt: context.now(),
    })
    return {
      ARN: secret.arn,
      Name: secret.name,
      VersionId: versionId,
      VersionStages: [stage],
    }
  },

  UpdateSecret(context, input, caller) {
    const secret = find(context, input, caller, 'UpdateSecret')
    const value = readValue(input, 'optional')
    const isNew = value.text !== undefined || value.binary !== undefined
    const versionId = readText(input, 'ClientRequestToken') ?? randomUUID()
    context.secrets.put({
      ...secret,
      ...(isNew && { ...value, versionId }),
      description: readText(input, 'Description') ?? secret.description,
      changedAt: context.now(),
    })
    return {
      ARN: secret.arn,
      Name: secret.name,
      ...(isNew && { VersionId: versionId }),
    }
  },

  GetSecretValue(context, input, caller) {
    const secret = find(context, input, caller, 'GetSecretValue')
    const { text, binary, versionId } = secret
    const wanted = readText(input, 'VersionStage') ?? stage
    const version = readText(input, 'VersionId') ?? versionId
    if (
      wanted !== stage ||
      version !== versionId ||
      (text === undefined && binary === undefined)
    )
      throw new AwsError(
        'ResourceNotFoundException',
        `Secrets Manager can't find the specified secret value for staging label: ${wanted.slice(0, 80)}`,
      )
    return {
      ARN: secret.arn,
      Name: secret.name,
      VersionId: versionId,
      ...(text !== undefined && { SecretString: text }),
      ...(binary !== undefined && { SecretBinary: binary }),
      VersionStages: [stage],
      CreatedDate: secret.changedAt / 1000,
    }
  },

  DescribeSecret(context, input, caller) {
    return describe(find(context, input, caller, 'DescribeSecret'))
  },

  ListSecrets(context, _, caller) {
    ask(context, caller, 'ListSecrets', '*')
    return { SecretList: context.secrets.list().map(describe) }
  },

  DeleteSecret(context, input, caller) {
    const secret = find(context, input, caller, 'DeleteSecret')
    if (input.ForceDeleteWithoutRecovery !== true)
      throw new AwsError(
        'InvalidParameterException',
        "The local home can't keep deleted secrets. Pass " +
          'ForceDeleteWithoutRecovery.',
      )
    context.secrets.remove(secret.name)
    return {
      ARN: secret.arn,
      Name: secret.name,
      DeletionDate: context.now() / 1000,
    }
  },
}

function describe(secret: Secret) {
  return {
    ARN: secret.arn,
    Name: secret.name,
    ...(secret.description && { Description: secret.description }),
    CreatedDate: secret.createdAt / 1000,
    LastChangedDate: secret.changedAt / 1000,
    VersionIdsToStages: { [secret.versionId]: [stage] },
  }
}

/** Checks the policies before revealing whether a secret exists. */
function find(
  context: Context,
  input: Input,
  caller: Principal,
  operation: string,
): Secret {
  const id = readText(input, 'SecretId')
  if (id === undefined || id === '')
    throw invalid('You must provide a value for the SecretId parameter.')
  const secret = context.secrets.find(id)
  const arn = id.startsWith('arn:') ? id : newArn(context, id)
  ask(context, caller, operation, secret?.arn ?? arn)
  if (secret) return secret
  throw new AwsError(
    'ResourceNotFoundException',
    "Secrets Manager can't find the specified secret.",
  )
}

function ask(
  { authorize }: Context,
  principal: Principal,
  operation: string,
  resource: string,
): void {
  authorize({ principal, action: `secretsmanager:${operation}`, resource })
}

function newArn({ region, accountId }: Context, name: string): string {
  const letters =
    'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
  let suffix = ''
  while (suffix.length < 6) suffix += letters[randomInt(letters.length)]
  return `arn:aws:secretsmanager:${region}:${accountId}:secret:${name}-${suffix}`
}

function readValue(
  input: Input,
  presence: 'optional' | 'required',
): Pick<Secret, 'text' | 'binary'> {
  const text = readText(input, 'SecretString')
  const binary = readText(input, 'SecretBinary')
  const given = [text, binary].filter((value) => value !== undefined)
  if (given.length > 1)
    throw invalid(
      "You can't specify both a binary secret value and a string secret value in the same secret.",
    )
  if (given.length === 0 && presence === 'required')
    throw invalid('You must provide either SecretString or SecretBinary.')
  if (given.some((value) => Buffer.byteLength(value) > maxBytes))
    throw new AwsError(
      'ValidationException',
      `1 validation error detected: Value at 'secretString' failed to satisfy constraint: Member must have length less than or equal to ${maxBytes}`,
    )
  return { text, binary }
}

function readText(input: Input, name: string): string | undefined {
  const value = input[name]
  if (value === undefined || value === null) return undefined
  if (typeof value === 'string') return value
  throw new AwsError('SerializationException')
}

function invalid(text: string): AwsError {
  return new AwsError('InvalidParameterException', text)
}
