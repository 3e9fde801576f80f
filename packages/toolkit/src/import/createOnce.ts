import type { ChosenPolicy } from '../access/chooseKeyPolicy.js'
import type { AwsConnection } from '../aws/connectAws.js'
import { createSigningKey } from '../aws/createSigningKey.js'
import { callKms } from './ImportError.js'

/**
 * Creates a KMS key with the origin EXTERNAL, with a request that is sent only
 * once.
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
  return callKms(
    {
      client: aws.kms,
      keyId: undefined,
      doing: 'create a key',
      permission: 'kms:CreateKey, and kms:TagResource for its tag',
    },
    async () => {
      const { Arn } = await createSigningKey(aws, {
        ...key,
        origin: 'EXTERNAL',
      })
      return Arn
    },
  )
}
