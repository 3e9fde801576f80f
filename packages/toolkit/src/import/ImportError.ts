import type { KMSClient } from '@aws-sdk/client-kms'
import { BaseError, isDescribed } from '@keyward/core/errors'
import { AwsCallError, textOf } from '../aws/AwsCallError.js'
import { adviceAtHome } from '../aws/allowedAtHome.js'

/** A call made during an import, in the words of error messages. */
export type Call = {
  client: KMSClient
  /** Completes "KMS did not …", e.g. `describe the key`. */
  doing: string
  /** The permission that the call needs, e.g. `kms:DescribeKey`. */
  permission: string
  /** ARN, id or alias of the key, if there is one yet. */
  keyId: string | undefined
  /** What a failure means for the user, in a sentence of its own. */
  risk?: string
  /** What to do; by default, what fits KMS's answer. */
  next?: string
}

/**
 * Makes one call of an import. If it fails, the error names the missing
 * permission or explains KMS's answer, and says what state the key is in and
 * how to continue.
 *
 * @throws ImportError
 */
export async function callKms<answer>(
  call: Call,
  send: () => Promise<answer>,
): Promise<answer> {
  try {
    return await send()
  } catch (error) {
    throw await toImportError(call, error)
  }
}

async function toImportError(call: Call, error: unknown): Promise<Error> {
  if (isDescribed(error)) return error
  const { name = 'Error', message = '' } = error as Error
  const known = meanings[name]
  const told = AwsCallError.from(error)
  const isRefusal =
    told instanceof AwsCallError &&
    told.code === 'aws-refused' &&
    name !== 'Error'
  // Neither KMS nor the network caused this error, so it is our own bug.
  if (!isDescribed(told)) return told
  const first =
    name === 'AccessDeniedException'
      ? `KMS did not ${call.doing}: you need ${call.permission}.`
      : `KMS did not ${call.doing}${isRefusal ? `: it returned ${name}` : ''}.`
  const text = isRefusal
    ? textOf(message)
    : `${told.shortMessage} ${told.details ?? ''}`
  const state = await readState(call)
  const lines = [
    text,
    known,
    name === 'AccessDeniedException'
      ? (adviceAtHome(error) ?? denied(call))
      : undefined,
    state && stateText(state),
    call.risk,
    call.next ?? adviceFor(isRefusal ? name : undefined, state),
  ]
  return new ImportError(
    first,
    lines.filter((line) => line !== undefined && line !== '').join('\n'),
    error,
  )
}

/** Answers that stay the same if the command is repeated unchanged. */
const final = new Set([
  'IncorrectKeyMaterialException',
  'NotFoundException',
  'UnsupportedOperationException',
])

/** Answers that a second run may not get, although nothing was changed. */
const passing = new Set([
  'DependencyTimeoutException',
  'ExpiredImportTokenException',
  'InvalidCiphertextException',
  'InvalidImportTokenException',
  'KeyUnavailableException',
  'KMSInternalException',
])

/** Answers about the credentials, not about the call. */
const credentialFaults = new Set([
  'ExpiredTokenException',
  'InvalidSignatureException',
  'UnrecognizedClientException',
])

const continues =
  "The command continues where it stopped and doesn't create a second key."

export const again = `Run the same command again. ${continues}`

/** @param name - KMS's answer; undefined if there was none. */
function adviceFor(
  name: string | undefined,
  state: KeyState,
): string | undefined {
  if (name !== undefined && final.has(name)) return undefined
  if (name !== undefined && passing.has(name)) return again
  const after = (first: string) =>
    `${first} run the same command again. ${continues}`
  if (name === 'AccessDeniedException')
    return after('Once you have the permission,')
  if (name === 'ThrottlingException') return after('Wait a few seconds, then')
  if (name === 'LimitExceededException')
    return after('Request a higher quota. Once you have it,')
  if (name !== undefined && credentialFaults.has(name))
    return after('Sign in again or use another profile, then')
  if (name !== 'KMSInvalidStateException') return after('Fix the cause, then')
  switch (state?.is) {
    case 'PendingImport':
    case 'Enabled':
      return again
    case 'Disabled':
      return after('Enable the key (aws kms enable-key), then')
    case 'PendingDeletion':
      return after(
        `If you want to keep the key, run keyward key cancel-deletion ${state.arn}, then`,
      )
    default:
      return after('Once the key is PendingImport or Enabled,')
  }
}

function denied({ permission, keyId }: Call): string {
  const whose = keyId === undefined ? 'AWS account' : 'key'
  const conditions =
    permission === 'kms:ImportKeyMaterial'
      ? ' The policy might allow this only with an expiry (--valid-to), or only without one.'
      : permission === 'kms:GetParametersForImport'
        ? ' The policy might allow this only for some values of --wrapping and --wrapping-key.'
        : ''
  return `Ask an administrator of the ${whose} to allow ${permission}, or use another profile.${conditions}`
}

const meanings: Readonly<Record<string, string>> = {
  ExpiredImportTokenException:
    'The import token is over 24 hours old. It was kept too long, or a clock is wrong.',
  InvalidImportTokenException:
    'The import token belongs to another key, or was damaged in transit. Each run fetches a new token.',
  InvalidCiphertextException:
    "KMS could not decrypt the material. The wrapping key and the token don't belong together, or were changed in transit.",
  IncorrectKeyMaterialException:
    'A KMS key accepts only its first key material, even after deletion or expiry. This is different material. Pass the file or backup of the first material, or use another KMS key.',
  KMSInvalidStateException:
    "KMS does not allow this in the key's current state.",
  UnsupportedOperationException:
    'Only a key with the origin EXTERNAL accepts key material. Use another KMS key.',
  NotFoundException:
    'There is no such key or alias in this AWS account and Region, which the first line of the output shows. Check the key that you passed.',
  ThrottlingException:
    'There were too many calls in this AWS account and Region. KMS allows one GetParametersForImport call per second.',
  LimitExceededException: "One of the AWS account's quotas is used up.",
}

/**
 * The key that was called, undefined if there is none yet, and its state,
 * undefined if KMS did not report one.
 */
type KeyState = { arn: string; is: string | undefined } | undefined

async function readState({
  client,
  keyId,
  permission,
}: Call): Promise<KeyState> {
  if (keyId === undefined || permission === 'kms:DescribeKey') return undefined
  const { DescribeKeyCommand } = await import('@aws-sdk/client-kms')
  try {
    const { KeyMetadata } = await client.send(
      new DescribeKeyCommand({ KeyId: keyId }),
    )
    return { arn: KeyMetadata?.Arn ?? keyId, is: KeyMetadata?.KeyState }
  } catch {
    return { arn: keyId, is: undefined }
  }
}

/** Describes the key's current state in a sentence. */
function stateText({ arn, is }: NonNullable<KeyState>): string {
  return is === undefined
    ? `The state of the key ${arn} is unknown, because KMS did not answer DescribeKey.`
    : `The key ${arn} is now ${is}.`
}

/** A step of an import failed. */
export class ImportError extends BaseError {
  override readonly name = 'ImportError'

  constructor(shortMessage: string, details: string, cause?: unknown) {
    super('import-failed', shortMessage, {
      details,
      ...(cause === undefined ? {} : { cause }),
    })
  }
}
