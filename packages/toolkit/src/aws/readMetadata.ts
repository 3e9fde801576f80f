import type { KeyMetadata, KMSClient } from '@aws-sdk/client-kms'

/** KMS's metadata of a key. @throws any SDK error */
export async function readMetadata(
  kms: KMSClient,
  keyId: string,
): Promise<KeyMetadata> {
  const { DescribeKeyCommand } = await import('@aws-sdk/client-kms')
  const { KeyMetadata } = await kms.send(
    new DescribeKeyCommand({ KeyId: keyId }),
  )
  if (KeyMetadata === undefined)
    throw new Error("KMS's response to DescribeKey doesn't contain a key.")
  return KeyMetadata
}
