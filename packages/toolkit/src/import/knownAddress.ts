import type { KeyMetadata, KMSClient } from '@aws-sdk/client-kms'
import { addressOf } from '../aws/describeKey.js'
import { addressTag, readTags } from '../aws/tags.js'

/**
 * The address of a key, as far as it can be told: by its public key, which KMS
 * gives only while the key is enabled, else by the tag of an import.
 */
export async function knownAddress(
  client: KMSClient,
  { Arn = '', KeyState }: KeyMetadata,
): Promise<string | undefined> {
  if (KeyState === 'Enabled')
    try {
      return await addressOf(client, Arn)
    } catch (error) {
      if (!isDenied(error)) throw error
    }
  return (await readTags(client, Arn))?.get(addressTag)
}

function isDenied(error: unknown): boolean {
  const { cause } = error as { cause?: { name?: string } }
  return cause?.name === 'AccessDeniedException'
}
