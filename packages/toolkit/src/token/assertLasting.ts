import type { KMSClient } from '@aws-sdk/client-kms'
import { InputError } from '@keyward/core/errors'
import { describe } from '../import/describe.js'

/**
 * Checks that a KMS key lasts, because it may become the account's only key
 * only if KMS keeps it permanently.
 *
 * @throws InputError if its key material expires
 */
export async function assertLasting(
  client: KMSClient,
  keyId: string,
): Promise<void> {
  const { ValidTo } = await describe(client, keyId)
  if (ValidTo === undefined) return
  throw new InputError(
    `The key material of ${keyId} expires at ${ValidTo.toISOString()}.`,
    {
      details:
        "KMS will delete the material at that time, so the token's key was kept. To import the key without an expiry, run keyward key delete-material as an administrator, then keyward key move again.",
    },
  )
}
