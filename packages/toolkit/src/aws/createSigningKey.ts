import type { KeyMetadata, KMSClient } from '@aws-sdk/client-kms'
import { BaseError, InputError, quote } from '@keyward/core/errors'
import type { ChosenPolicy } from '../access/chooseKeyPolicy.js'

export type NewSigningKey = {
  /** `EXTERNAL`: pending import, until its owner brings the material. */
  origin: 'AWS_KMS' | 'EXTERNAL'
  policy: ChosenPolicy
  /** With `alias/`. */
  alias?: string | undefined
  description?: string | undefined
  tags?: Readonly<Record<string, string>> | undefined
}

/**
 * Creates a secp256k1 key that signs and, with `alias`, its name. When the
 * name can't be had, the key stays: KMS has no way to undo it at once.
 *
 * @param onCreated - Told as soon as there is a key, before it has its name.
 * @throws KeyPolicyRefusedError when KMS takes no such policy, and what the
 *   SDK throws.
 */
export async function createSigningKey(
  client: KMSClient,
  parameters: NewSigningKey,
  onCreated: (keyArn: string) => void = () => {},
): Promise<KeyMetadata & { Arn: string }> {
  const { origin, policy: chosen, alias, description, tags = {} } = parameters
  const sdk = await import('@aws-sdk/client-kms')
  const command = new sdk.CreateKeyCommand({
    KeySpec: 'ECC_SECG_P256K1',
    KeyUsage: 'SIGN_VERIFY',
    Origin: origin,
    ...(chosen.policy !== undefined && {
      Policy: JSON.stringify(chosen.policy),
    }),
    ...(description !== undefined && { Description: description }),
    Tags: Object.entries(tags).map(([TagKey, TagValue]) => ({
      TagKey,
      TagValue,
    })),
  })
  const { KeyMetadata } = await client.send(command).catch((error) => {
    throw KeyPolicyRefusedError.from(error)
  })
  if (KeyMetadata?.Arn === undefined)
    throw new Error('KMS answered CreateKey without a key.')
  const { Arn } = KeyMetadata
  onCreated(Arn)
  if (alias !== undefined)
    await client.send(
      new sdk.CreateAliasCommand({ AliasName: alias, TargetKeyId: Arn }),
    )
  if (chosen.afterwards !== undefined)
    await client.send(
      new sdk.PutKeyPolicyCommand({
        KeyId: Arn,
        PolicyName: 'default',
        Policy: JSON.stringify(chosen.afterwards),
        BypassPolicyLockoutSafetyCheck: true,
      }),
    )
  return { ...KeyMetadata, Arn }
}

/**
 * Found out before a key is paid for. KMS decides in the end; who may not
 * list goes on to there.
 *
 * @throws InputError
 */
export async function assertAliasFree(
  client: KMSClient,
  alias: string,
): Promise<void> {
  const { paginateListAliases } = await import('@aws-sdk/client-kms')
  try {
    for await (const { Aliases } of paginateListAliases({ client }, {}))
      for (const { AliasName, TargetKeyId } of Aliases ?? [])
        if (AliasName === alias)
          throw new InputError(`${alias} is taken already.`, {
            details: `It names the key ${TargetKeyId}. No key was created; choose another --alias.`,
          })
  } catch (error) {
    if ((error as Error).name !== 'AccessDeniedException') throw error
  }
}

/** @throws InputError for what can't be the name of an alias. */
export function toAlias(name: string): string {
  const alias = name.startsWith('alias/') ? name : `alias/${name}`
  if (/[0-9a-f]{64}/i.test(alias))
    throw new InputError(`--alias ${quote(name)} looks like a private key.`, {
      details:
        'Names are readable by many, and are in logs for years. No key was ' +
        'created; choose another name.',
    })
  if (/^alias\/(?!aws\/)[a-zA-Z0-9/_-]{1,250}$/.test(alias)) return alias
  throw new InputError(`--alias ${quote(name)} can't be an alias.`, {
    details:
      'Letters, digits, / _ and - are allowed, up to 250 of them; the names ' +
      'alias/aws/... are reserved.',
  })
}

/** KMS took no such policy, for a new key or one that exists. */
export class KeyPolicyRefusedError extends BaseError {
  override readonly name = 'KeyPolicyRefusedError'

  /** Other errors are returned as they are. */
  static from(error: unknown): unknown {
    const { name, message } = error as Error
    if (
      name !== 'MalformedPolicyDocumentException' &&
      !(name === 'LimitExceededException' && /polic/i.test(message))
    )
      return error
    return new KeyPolicyRefusedError(explain(message), error)
  }

  constructor(details: string, cause?: unknown) {
    super('key-policy-refused', 'KMS took no such key policy.', {
      details,
      cause,
    })
  }
}

function explain(message: string): string {
  if (/invalid principals/i.test(message))
    return (
      'One of the roles or users that it names does not exist: a key policy ' +
      'may name only such as IAM knows when it is set. Look for a wrong ' +
      'account, path or letter case (aws iam get-role); a role made a moment ' +
      `ago may take some seconds. KMS said: ${message}`
    )
  if (/not allow you to update the key policy/i.test(message))
    return (
      'You could not change it again. Be one of its administrators or ' +
      `deployers yourself: --admin or --deployer. KMS said: ${message}`
    )
  if (/maximum size/i.test(message))
    return `It may have 32 KiB, some hundreds of names: name fewer. KMS said: ${message}`
  return `KMS said: ${message}`
}
