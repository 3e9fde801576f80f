import type { KMSClient } from '@aws-sdk/client-kms'
import { addressOf } from '../aws/describeKey.js'
import { untilSettled } from '../aws/untilSettled.js'
import { callKms, ImportError } from './ImportError.js'

/**
 * Reads the public key back from KMS and compares its address, which proves to
 * the importer that the right key was imported.
 *
 * @throws ImportError
 */
export async function confirmAddress(
  client: KMSClient,
  arn: string,
  address: string,
): Promise<void> {
  const has = await callKms(
    {
      client,
      keyId: arn,
      doing: 'return the public key of the imported key',
      permission: 'kms:GetPublicKey',
    },
    () =>
      untilSettled(() => addressOf(client, arn)).catch((error) => {
        throw error.cause ?? error
      }),
  )
  if (has !== address)
    throw new ImportError(
      `The key ${arn} is not the key of ${address}.`,
      `KMS accepted the import, but the key's account is ${has}. Don't send ` +
        'anything to either address. Check AWS_ENDPOINT_URL and the network: ' +
        'the answers may not come from KMS.',
    )
}
