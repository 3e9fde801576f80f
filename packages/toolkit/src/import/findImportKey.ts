import type { KeyMetadata, KMSClient } from '@aws-sdk/client-kms'
import { BaseError, quote } from '@keyward/core/errors'
import { awsCommand } from '../aws/awsCommand.js'
import { addressOf } from '../aws/describeKey.js'
import type { Target } from '../aws/Target.js'
import { addressTag, readTags } from '../aws/tags.js'
import type { Ceremony } from './Ceremony.js'
import { describe } from './describe.js'
import { callKms } from './ImportError.js'

/** A KMS key that can take the key material, or already has it. */
export type ImportKey = {
  arn: string
  keyId: string
  /** KMS's term: `PendingImport` or `Enabled`. */
  state: string
  /** Whether it already has this private key. */
  isImported: boolean
  /** When its current material expires. */
  validTo: Date | undefined
}

/**
 * Checks whether a key can take the private key of an address, so that anything
 * that KMS would refuse halfway is refused before anything is sent.
 *
 * @throws KeyNotImportableError, ImportError
 */
export async function findImportKey(
  { client, target, say }: Ceremony,
  keyId: string,
  address: string,
): Promise<ImportKey> {
  const metadata = await describe(client, keyId)
  const { Arn: arn = '', KeyId = '', KeyState: state = 'unknown' } = metadata
  assertFits(metadata)
  assertState(metadata, target)
  const has = await currentAddress(client, arn)
  if (has !== undefined && has !== address)
    throw new KeyNotImportableError(
      `The key ${arn} belongs to another account.`,
      `It signs for ${has}, but the private key belongs to ${address}. A KMS ` +
        'key accepts only its first key material. Choose another key.',
    )
  if (has === undefined) await assertTag(client, arn, address, say)
  return {
    arn,
    keyId: KeyId,
    state,
    isImported: has !== undefined,
    validTo: metadata.ValidTo,
  }
}

function assertFits({ Arn, KeySpec, KeyUsage, Origin }: KeyMetadata): void {
  if (Origin !== 'EXTERNAL')
    throw new KeyNotImportableError(
      `The key ${Arn} can't import key material: its origin is ${Origin}.`,
      'KMS generated its material, which can never be replaced. Choose a key ' +
        'with the origin EXTERNAL, or create one with --create.',
    )
  if (KeySpec !== 'ECC_SECG_P256K1' || KeyUsage !== 'SIGN_VERIFY')
    throw new KeyNotImportableError(
      `The key ${Arn} can't be used for Ethereum: its spec is ${KeySpec} and its usage is ${KeyUsage}.`,
      'The spec must be ECC_SECG_P256K1 and the usage SIGN_VERIFY; neither ' +
        'can be changed later. Choose another key, or create one with ' +
        '--create.',
    )
}

function assertState({ Arn, KeyState }: KeyMetadata, target: Target): void {
  if (KeyState === 'PendingImport' || KeyState === 'Enabled') return
  const ways: Record<string, string> = {
    Disabled:
      "Enable the key first, which doesn't change its material: " +
      awsCommand(target, `kms enable-key --key-id ${Arn}`),
    PendingDeletion: `If you want to keep the key, first run keyward key cancel-deletion ${Arn}`,
    Creating: 'KMS is still creating the key. Try again in a minute.',
    Updating: 'KMS is changing the key. Try again in a minute.',
  }
  throw new KeyNotImportableError(
    `The key ${Arn} is ${KeyState}.`,
    'To import key material, the key must be PendingImport or Enabled. ' +
      (ways[`${KeyState}`] ?? `For details, run keyward key show ${Arn}.`),
  )
}

/**
 * The address of a key's material. The public key is requested even if there is
 * no material, so that a missing permission is noticed before the import and
 * not after it.
 */
async function currentAddress(
  client: KMSClient,
  arn: string,
): Promise<string | undefined> {
  return callKms(
    {
      client,
      keyId: arn,
      doing: 'return the public key, which is needed to check the import',
      permission: 'kms:GetPublicKey',
    },
    async () => {
      try {
        return await addressOf(client, arn)
      } catch (error) {
        const { cause } = error as { cause?: { name?: string } }
        if (cause?.name === 'KMSInvalidStateException') return undefined
        throw cause ?? error
      }
    },
  )
}

/** Prevents using a key that was created for another account. */
async function assertTag(
  client: KMSClient,
  arn: string,
  address: string,
  say: (text: string) => void,
): Promise<void> {
  const tags = await readTags(client, arn)
  if (tags === undefined)
    return say(
      "You have no permission to read the key's tags (kms:ListResourceTags), " +
        'so it is not known whether the key is meant for another account.',
    )
  const meant = tags.get(addressTag)
  if (meant !== undefined && meant.toLowerCase() !== address.toLowerCase())
    throw new KeyNotImportableError(
      `The key ${arn} is meant for another account.`,
      `Its tag ${addressTag} is ${quote(meant)}, but the private key belongs ` +
        `to ${address}. Choose another key, or correct the tag.`,
    )
}

/**
 * A key can't take this key material, either at all or in its current state.
 */
export class KeyNotImportableError extends BaseError {
  override readonly name = 'KeyNotImportableError'

  constructor(shortMessage: string, details: string) {
    super('key-not-importable', shortMessage, { details })
  }
}
