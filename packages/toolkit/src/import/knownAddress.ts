import type { KeyMetadata, KMSClient } from '@aws-sdk/client-kms'
import { addressOf } from '../aws/describeKey.js'
import { addressTag, readTags } from '../aws/tags.js'

/**
 * The address of a key, if it can be determined: either from the public key,
 * which KMS returns only while the key is enabled, or from an import's tag.
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
