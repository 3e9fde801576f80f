import type { KMSClient } from '@aws-sdk/client-kms'
import { BaseError, isDescribed, maskHex } from '@keyward/core/errors'
import { AwsCallError } from '../aws/AwsCallError.js'
import { adviceAtHome } from '../aws/allowedAtHome.js'

/** A call of a ceremony, as errors tell it. */
export type Call = {
  client: KMSClient
  /** Goes on after "KMS did not": e.g. `describe the key`. */
  doing: string
  /** E.g. `kms:DescribeKey`. */
  permission: string
  /** ARN, id or alias of the key, once there is one. */
  keyId: string | undefined
  /** What to do; by default, to run the command again. */
  next?: string
}

/**
 * Sends one call of an import. When it fails, the error says which permission
 * is missing or what KMS's answer means, what state the key is in now, and how
 * to go on.
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
  const answered = told instanceof AwsCallError && told.code === 'aws-refused'
  // Neither KMS's answer nor the network: a fault of our own.
  if (!isDescribed(told)) return told
  const first =
    name === 'AccessDeniedException'
      ? `KMS did not ${call.doing}: this needs ${call.permission}.`
      : `KMS did not ${call.doing}${answered ? `: it answered ${name}` : ''}.`
  const text = answered
    ? maskHex(message)
    : `${told.shortMessage} ${told.details ?? ''}`
  const lines = [
    text,
    known,
    name === 'AccessDeniedException'
      ? (adviceAtHome(error) ?? denied(call.permission))
      : undefined,
    await stateText(call),
    call.next ?? again,
  ]
  return new ImportError(
    first,
    lines.filter((line) => line !== undefined && line !== '').join('\n'),
    error,
  )
}

export const again =
  'Run the same command again: it goes on from there, and makes no second key.'

function denied(permission: string): string {
  const conditions =
    permission === 'kms:ImportKeyMaterial'
      ? ' The policy may allow it only with an expiry (--valid-to), or only without.'
      : permission === 'kms:GetParametersForImport'
        ? ' The policy may allow it for some --wrapping and --wrapping-key only.'
        : ''
  return `Ask whoever keeps the key's policy to allow ${permission}, or use another profile.${conditions}`
}

const meanings: Readonly<Record<string, string>> = {
  ExpiredImportTokenException:
    'The import token is over 24 hours old: a set of wrapping key and token was kept too long, or a clock is wrong.',
  InvalidImportTokenException:
    'The import token was made for another key, or was damaged on the way. A new one is fetched each time.',
  InvalidCiphertextException:
    'KMS could not decrypt what was sent: wrapping key and token are not of one set, or were changed on the way.',
  IncorrectKeyMaterialException:
    'A KMS key takes only the key material that it got first, for ever, also after deletion or expiry. This is other material: give the file or backup of the first one. Other material needs another KMS key.',
  KMSInvalidStateException:
    'The key is in a state in which KMS does not do this.',
  UnsupportedOperationException:
    'Only a key of origin EXTERNAL takes key material.',
  NotFoundException:
    'No such key or alias is in this account and Region; the target is the first line above.',
  ThrottlingException:
    'Too many calls came in this account and Region; KMS allows one GetParametersForImport a second.',
  LimitExceededException: 'A quota of the account is used up.',
}

/** What DescribeKey tells now, in a sentence. */
async function stateText({
  client,
  keyId,
  permission,
}: Call): Promise<string | undefined> {
  if (keyId === undefined || permission === 'kms:DescribeKey') return undefined
  const { DescribeKeyCommand } = await import('@aws-sdk/client-kms')
  try {
    const { KeyMetadata } = await client.send(
      new DescribeKeyCommand({ KeyId: keyId }),
    )
    return `The key ${KeyMetadata?.Arn} is ${KeyMetadata?.KeyState} now.`
  } catch {
    return `The state of the key ${keyId} is unknown: KMS does not answer DescribeKey.`
  }
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
