import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms'
import type { SigningCredentials } from './signRequest.js'

/** A new secp256k1 key; answers its ARN. */
export async function createKmsKey(aws: {
  endpoint: string
  region: string
  credentials: SigningCredentials
}): Promise<string> {
  const { accessKeyId, secretAccessKey } = aws.credentials
  const client = new KMSClient({
    ...aws,
    credentials: { accessKeyId, secretAccessKey },
  })
  const { KeyMetadata } = await client.send(
    new CreateKeyCommand({
      KeySpec: 'ECC_SECG_P256K1',
      KeyUsage: 'SIGN_VERIFY',
    }),
  )
  client.destroy()
  return KeyMetadata?.Arn ?? ''
}
