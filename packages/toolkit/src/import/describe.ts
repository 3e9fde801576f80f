import type { KeyMetadata, KMSClient } from '@aws-sdk/client-kms'
import { readMetadata } from '../aws/readMetadata.js'
import { callKms } from './ImportError.js'

/** KMS's metadata of a key. @throws ImportError */
export function describe(
  client: KMSClient,
  keyId: string,
): Promise<KeyMetadata> {
  return callKms(
    {
      client,
      keyId,
      doing: 'describe the key',
      permission: 'kms:DescribeKey',
    },
    () => readMetadata(client, keyId),
  )
}
