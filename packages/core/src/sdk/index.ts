import {
  GetPublicKeyCommand,
  type KMSClient,
  SignCommand,
} from '@aws-sdk/client-kms'
import { BaseError } from '../errors/BaseError.js'
import type { KeyService } from '../KeyService.js'

/**
 * Uses a KMS client of the AWS SDK v3 that you configured: credentials, Region
 * and retries stay yours. Permissions: `kms:GetPublicKey`, `kms:Sign`.
 *
 * @throws SdkAnswerError when an answer lacks a member; the SDK's own errors
 * pass through
 * @example
 * const service = fromSdk(new KMSClient({}))
 */
export function fromSdk(client: Pick<KMSClient, 'send'>): KeyService {
  return {
    async getPublicKey(keyId) {
      const answer = await client.send(
        new GetPublicKeyCommand({ KeyId: keyId }),
      )
      if (answer.PublicKey === undefined || answer.KeyId === undefined)
        throw new SdkAnswerError('GetPublicKey')
      return { spki: answer.PublicKey, keyArn: answer.KeyId }
    },
    async signDigest(keyId, digest) {
      const answer = await client.send(
        new SignCommand({
          KeyId: keyId,
          Message: digest,
          MessageType: 'DIGEST',
          SigningAlgorithm: 'ECDSA_SHA_256',
        }),
      )
      if (answer.Signature === undefined || answer.KeyId === undefined)
        throw new SdkAnswerError('Sign')
      const { requestId } = answer.$metadata
      return {
        der: answer.Signature,
        keyArn: answer.KeyId,
        ...(requestId === undefined ? {} : { requestId }),
      }
    },
  }
}

/** The SDK's answer lacks what KMS always sends. */
export class SdkAnswerError extends BaseError {
  constructor(operation: string) {
    super('kms-response', `The answer to ${operation} is incomplete.`, {
      details: 'Check that the endpoint is KMS.',
    })
    this.name = 'SdkAnswerError'
  }
}
