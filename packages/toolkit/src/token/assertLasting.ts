import type { KMSClient } from '@aws-sdk/client-kms'
import { InputError } from '@keyward/core/errors'
import { describe } from '../import/describe.js'

/**
 * A KMS key may be an account's only copy only if KMS keeps it permanently.
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
        "KMS deletes it then, so the token's key was kept. To import the key without an expiry, as an administrator: keyward key delete-material, then keyward key move again.",
    },
  )
}
