import type { KeyMetadata, KMSClient } from '@aws-sdk/client-kms'
import { callKms } from './ImportError.js'

/** What KMS tells of a key. @throws ImportError */
export async function describe(
  client: KMSClient,
  keyId: string,
): Promise<KeyMetadata> {
  const { DescribeKeyCommand } = await import('@aws-sdk/client-kms')
  const { KeyMetadata } = await callKms(
    {
      client,
      keyId,
      doing: 'describe the key',
      permission: 'kms:DescribeKey',
    },
    () => client.send(new DescribeKeyCommand({ KeyId: keyId })),
  )
  if (KeyMetadata === undefined)
    throw new Error('KMS answered DescribeKey without a key.')
  return KeyMetadata
}
