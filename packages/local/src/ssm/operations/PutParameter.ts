import { randomBytes } from 'node:crypto'
import { AwsError } from '../../protocol/Service.js'
import { types, type Version } from '../createParameterStore.js'
import { invalid, readNew, toArn } from '../ParameterName.js'
import type { SsmOperation } from '../SsmContext.js'

const maxBytes = 4096

export const PutParameter: SsmOperation = (context, input, principal) => {
  const { parameters } = context
  const name = readNew(input.Name)
  const type = readType(input.Type)
  const value = readValue(input.Value)
  assertKept(input)
  context.authorize({
    principal,
    action: 'ssm:PutParameter',
    resource: toArn(context, name),
  })
  const before = parameters.get(name)?.versions.at(-1)
  if (before && input.Overwrite !== true)
    throw new AwsError(
      'ParameterAlreadyExists',
      'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
    )
  if (parameters.isFixed(name))
    throw invalid(`The parameter ${name} is read-only in the local home.`)
  // Both names would have the same ARN.
  const other = name.startsWith('/') ? name.slice(1) : `/${name}`
  if (parameters.get(other))
    throw invalid(
      `The local home already has ${other}, which would have the same ARN. Choose another name.`,
    )
  const ownType = type ?? before?.type
  if (ownType === undefined)
    throw invalid('A parameter type is required when you create a parameter.')
  if (before && before.type !== ownType)
    throw new AwsError(
      'HierarchyTypeMismatchException',
      `The parameter is a ${before.type}. You can't change its type. Create another parameter.`,
    )
  assertKey(input.KeyId, ownType)
  const version: Version = {
    version: (before?.version ?? 0) + 1,
    type: ownType,
    value,
    sealed:
      ownType === 'SecureString'
        ? randomBytes(Buffer.byteLength(value) + 100).toString('base64')
        : undefined,
    description: readDescription(input.Description) ?? before?.description,
    changedAt: context.now(),
  }
  parameters.add(name, version)
  return { Version: version.version, Tier: 'Standard' }
}

function readType(value: unknown): Version['type'] | undefined {
  if (value === undefined || value === null) return undefined
  const type = types.find((each) => each === value)
  if (type) return type
  throw invalid(
    `1 validation error detected: Value '${String(value).slice(0, 80)}' at 'type' failed to satisfy constraint: Member must satisfy enum value set: [${types.join(', ')}]`,
  )
}

/** The value is never quoted, because it may be a secret. */
function readValue(value: unknown): string {
  if (typeof value !== 'string' || value === '')
    throw invalid(
      "1 validation error detected: Value at 'value' failed to satisfy constraint: Member must have length greater than or equal to 1",
    )
  if (Buffer.byteLength(value) <= maxBytes) return value
  throw invalid(
    `Standard tier parameters support a maximum parameter value of ${maxBytes} characters. To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier. For more information, see https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html`,
  )
}

function readDescription(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value === 'string' && value.length <= 1024) return value
  throw invalid(
    "1 validation error detected: Value at 'description' failed to satisfy constraint: Member must have length less than or equal to 1024",
  )
}

/** Refuses unsupported options instead of dropping them. */
function assertKept(input: Record<string, unknown>): void {
  const { Tags, Overwrite, Tier, DataType } = input
  if (Array.isArray(Tags) && Tags.length > 0)
    throw invalid(
      Overwrite === true
        ? "Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please remove overwrite flag. To update tags for an existing parameter, please use AddTagsToResource or RemoveTagsFromResource."
        : "The local home doesn't support tags on parameters. Leave them out.",
    )
  for (const name of ['AllowedPattern', 'Policies'])
    if (input[name])
      throw invalid(`The local home doesn't support ${name}. Leave it out.`)
  if (Tier === 'Advanced')
    throw invalid('The local home supports only the Standard tier.')
  if (DataType !== undefined && DataType !== 'text')
    throw invalid('The local home supports only the data type text.')
}

/**
 * The key for SecureStrings. The home has no encryption keys, so this is a
 * placeholder.
 */
function assertKey(keyId: unknown, type: Version['type']): void {
  if (keyId === undefined || keyId === null) return
  if (type !== 'SecureString')
    throw invalid('KeyId is required for SecureString type parameter only.')
  if (keyId !== 'alias/aws/ssm')
    throw new AwsError(
      'InvalidKeyId',
      'The local home has only signing keys. Leave KeyId out, or pass ' +
        'alias/aws/ssm.',
    )
}
