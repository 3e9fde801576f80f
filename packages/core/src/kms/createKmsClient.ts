import {
  type AwsClientOptions,
  createAwsClient,
} from '../aws/createAwsClient.js'
import type { KeyService } from '../KeyService.js'
import { KmsResponseError } from './errors.js'
import { kms } from './kmsService.js'

export type KmsClientOptions = AwsClientOptions

/**
 * A KMS client with exactly two operations, for functions, where startup time
 * matters most. Permissions: `kms:GetPublicKey`, `kms:Sign`. It signs with
 * SigV4 and keeps its connections open. Within the caller's deadline, it
 * retries throttling, faults and broken connections with full jitter. It also
 * corrects for a wrong clock.
 *
 * @throws KmsConfigurationError
 * @example
 * const service = createKmsClient()
 * const key = await SigningKey.connect({ service, keyId: 'alias/treasury' })
 */
export function createKmsClient(options: KmsClientOptions = {}): KeyService {
  const client = createAwsClient(kms, options)
  return {
    async getPublicKey(keyId, options) {
      const input = { KeyId: keyId }
      const { output } = await client.call('GetPublicKey', input, options)
      return {
        spki: readBytes('GetPublicKey', output, 'PublicKey'),
        keyRef: readText('GetPublicKey', output, 'KeyId'),
      }
    },
    async signDigest(keyId, digest, options) {
      const input = {
        KeyId: keyId,
        Message: Buffer.from(digest).toString('base64'),
        MessageType: 'DIGEST',
        SigningAlgorithm: 'ECDSA_SHA_256',
      }
      const { output, requestId } = await client.call('Sign', input, options)
      return {
        der: readBytes('Sign', output, 'Signature'),
        keyRef: readText('Sign', output, 'KeyId'),
        ...(requestId === undefined ? {} : { requestId }),
      }
    },
  }
}

function readText(
  operation: string,
  output: Record<string, unknown>,
  member: string,
): string {
  const value = output[member]
  if (typeof value !== 'string' || value === '')
    throw new KmsResponseError(operation, `it has no ${member}`)
  return value
}

function readBytes(
  operation: string,
  output: Record<string, unknown>,
  member: string,
): Uint8Array {
  const text = readText(operation, output, member)
  const bytes = Buffer.from(text, 'base64')
  if (bytes.toString('base64') !== text)
    throw new KmsResponseError(operation, `its ${member} is not base64`)
  return bytes
}
