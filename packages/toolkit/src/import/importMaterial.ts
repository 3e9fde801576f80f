import type { KMSClient } from '@aws-sdk/client-kms'
import type { Ceremony } from './Ceremony.js'
import type { ImportKey } from './findImportKey.js'
import { callKms, ImportError } from './ImportError.js'
import { withProgress } from './withProgress.js'
import type { WrapFor, Wrapping } from './wrapKeyMaterial.js'

/**
 * Fetches a wrapping key and its token, has the key material encrypted with it,
 * and sends the result. The wrapping key and the token are used immediately and
 * never stored.
 *
 * @throws ImportError, WrappingKeyError, and any error from `wrap`
 */
export async function importMaterial(
  { client, say }: Ceremony,
  key: ImportKey,
  wrap: WrapFor,
  options: { wrapping: Wrapping; validTo: Date | undefined },
): Promise<void> {
  const { wrapping, validTo } = options
  let wrapped: Uint8Array | undefined
  try {
    const set = await getImportSet(client, key.arn, wrapping, say)
    wrapped = await wrap(set.publicKey)
    await sendMaterial(client, key.arn, wrapped, set.token, validTo)
  } finally {
    wrapped?.fill(0)
  }
}

async function getImportSet(
  client: KMSClient,
  arn: string,
  wrapping: Wrapping,
  say: (text: string) => void,
): Promise<{ publicKey: Uint8Array; token: Uint8Array }> {
  const { GetParametersForImportCommand } = await import('@aws-sdk/client-kms')
  const answer = await callKms(
    {
      client,
      keyId: arn,
      doing: 'return a wrapping key',
      permission: 'kms:GetParametersForImport',
    },
    () =>
      withProgress(
        `Asking KMS for a wrapping key (${wrapping.keySpec}).`,
        say,
        client.send(
          new GetParametersForImportCommand({
            KeyId: arn,
            WrappingAlgorithm: wrapping.algorithm,
            WrappingKeySpec: wrapping.keySpec,
          }),
        ),
      ),
  )
  const { KeyId, PublicKey, ImportToken } = answer
  if (KeyId !== arn || PublicKey === undefined || ImportToken === undefined)
    throw new ImportError(
      'The import parameters are for a different key.',
      `The response to GetParametersForImport is for the key ${KeyId}, but the request was for ${arn}. Nothing was sent. KMS does not answer like this. Check AWS_ENDPOINT_URL and the network: the response may not come from KMS.`,
    )
  return { publicKey: PublicKey, token: ImportToken }
}

async function sendMaterial(
  client: KMSClient,
  arn: string,
  wrapped: Uint8Array,
  token: Uint8Array,
  validTo: Date | undefined,
): Promise<void> {
  const { ImportKeyMaterialCommand } = await import('@aws-sdk/client-kms')
  await callKms(
    {
      client,
      keyId: arn,
      doing: 'import the key material',
      permission: 'kms:ImportKeyMaterial',
    },
    () =>
      client.send(
        new ImportKeyMaterialCommand({
          KeyId: arn,
          ImportToken: token,
          EncryptedKeyMaterial: wrapped,
          ...(validTo === undefined
            ? { ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' }
            : { ExpirationModel: 'KEY_MATERIAL_EXPIRES', ValidTo: validTo }),
        }),
      ),
  )
}
