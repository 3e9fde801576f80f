import type { ChosenPolicy } from '../access/chooseKeyPolicy.js'
import type { AwsConnection } from '../aws/connectAws.js'
import { createSigningKey } from '../aws/createSigningKey.js'
import { callKms } from './ImportError.js'

/**
 * Creates a KMS key of origin EXTERNAL by one request that is sent once: the
 * SDK sends one again whose answer was lost, and KMS then makes a second key.
 *
 * @returns Its ARN.
 * @throws ImportError, KeyPolicyRefusedError
 */
export async function createOnce(
  aws: AwsConnection,
  key: {
    policy: ChosenPolicy
    description: string
    tags: Readonly<Record<string, string>>
  },
): Promise<string> {
  const { KMSClient } = await import('@aws-sdk/client-kms')
  const client = aws.open(
    class extends KMSClient {
      constructor(config: ConstructorParameters<typeof KMSClient>[0]) {
        super({ ...config, maxAttempts: 1 })
      }
    },
  )
  return callKms(
    {
      client,
      keyId: undefined,
      doing: 'create a key',
      permission: 'kms:CreateKey, and kms:TagResource for its tag',
    },
    async () => {
      const { Arn } = await createSigningKey(client, {
        ...key,
        origin: 'EXTERNAL',
      })
      return Arn
    },
  )
}
