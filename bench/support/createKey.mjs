import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms'

/** Makes a key that signs for Ethereum, and answers its ARN. */
export async function createKey(kms) {
  const client = new KMSClient(kms)
  const { KeyMetadata } = await client.send(
    new CreateKeyCommand({
      KeySpec: 'ECC_SECG_P256K1',
      KeyUsage: 'SIGN_VERIFY',
    }),
  )
  client.destroy()
  return KeyMetadata.Arn
}
