import type { KMSClient } from '@aws-sdk/client-kms'

/**
 * A key's policy as KMS stores it.
 *
 * @throws any SDK error
 */
export async function readKeyPolicy(
  client: KMSClient,
  keyArn: string,
): Promise<string> {
  const { GetKeyPolicyCommand } = await import('@aws-sdk/client-kms')
  const { Policy } = await client.send(
    new GetKeyPolicyCommand({ KeyId: keyArn, PolicyName: 'default' }),
  )
  return Policy ?? ''
}
