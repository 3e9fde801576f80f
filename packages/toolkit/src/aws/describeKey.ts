import type { KeyMetadata, KMSClient } from '@aws-sdk/client-kms'
import { PublicKey } from '@keyward/core'
import { AwsCallError } from './AwsCallError.js'

/** A key, as `key show` and `key list` report it. */
export type KeyDescription = {
  keyId: string
  arn: string
  alias: string | null
  description: string
  /** KMS's term, e.g. `Enabled` or `PendingImport`. */
  state: string
  /** `AWS_KMS`, or `EXTERNAL` for imported material. */
  origin: string
  keySpec: string
  /** EIP-55 form; null while KMS returns no public key. */
  address: string | null
  /**
   * When imported material expires, in ISO 8601 form; absent if it never does.
   */
  validTo?: string
}

/** Whether a key can sign for Ethereum at all. */
export function isEthereumKey(metadata: KeyMetadata): boolean {
  return (
    metadata.KeySpec === 'ECC_SECG_P256K1' &&
    metadata.KeyUsage === 'SIGN_VERIFY'
  )
}

/** Adds to KMS's metadata the account that the public key gives. */
export async function describeKey(
  client: KMSClient,
  metadata: KeyMetadata,
  alias: string | undefined,
): Promise<KeyDescription> {
  const address =
    metadata.KeyState === 'Enabled' && isEthereumKey(metadata)
      ? await addressOf(client, metadata.Arn ?? '')
      : null
  return toDescription(metadata, alias, address)
}

/** Describes a key whose address is already known, or can't be determined. */
export function toDescription(
  metadata: KeyMetadata,
  alias: string | undefined,
  address: string | null,
): KeyDescription {
  return {
    keyId: metadata.KeyId ?? '',
    arn: metadata.Arn ?? '',
    alias: alias ?? null,
    description: metadata.Description ?? '',
    state: metadata.KeyState ?? 'unknown',
    origin: metadata.Origin ?? 'unknown',
    keySpec: metadata.KeySpec ?? 'unknown',
    address,
    ...(metadata.ValidTo !== undefined && {
      validTo: metadata.ValidTo.toISOString(),
    }),
  }
}

/** @throws AwsCallError, or core's InvalidPublicKeyError for another curve */
export async function addressOf(
  client: KMSClient,
  keyId: string,
): Promise<string> {
  const { GetPublicKeyCommand } = await import('@aws-sdk/client-kms')
  try {
    const { PublicKey: spki } = await client.send(
      new GetPublicKeyCommand({ KeyId: keyId }),
    )
    if (spki === undefined) throw new Error('KMS returned no public key.')
    return PublicKey.toAddress(PublicKey.fromSpki(spki))
  } catch (error) {
    throw AwsCallError.from(error)
  }
}
