import {
  GetPublicKeyCommand,
  type KMSClient,
  SignCommand,
} from '@aws-sdk/client-kms'
import { BaseError } from '../errors/BaseError.js'
import type { CallOptions, KeyService } from '../KeyService.js'

/** Node's timers can't wait longer than this. */
const maxTimerMs = 2 ** 31 - 1

/**
 * Uses a KMS client of the AWS SDK v3 with your own credentials, Region and
 * retry settings. Permissions: `kms:GetPublicKey`, `kms:Sign`.
 *
 * @throws SdkAnswerError if an answer lacks a member; the SDK's own errors pass
 * through
 * @example
 * const service = fromSdk(new KMSClient({}))
 */
export function fromSdk(client: Pick<KMSClient, 'send'>): KeyService {
  return {
    async getPublicKey(keyId, options) {
      const command = new GetPublicKeyCommand({ KeyId: keyId })
      const answer = await within(options, (until) =>
        client.send(command, until),
      )
      if (answer.PublicKey === undefined || answer.KeyId === undefined)
        throw new SdkAnswerError('GetPublicKey')
      return { spki: answer.PublicKey, keyRef: answer.KeyId }
    },
    async signDigest(keyId, digest, options) {
      const command = new SignCommand({
        KeyId: keyId,
        // The client sends the bytes later, so give it a copy.
        Message: digest.slice(),
        MessageType: 'DIGEST',
        SigningAlgorithm: 'ECDSA_SHA_256',
      })
      const answer = await within(options, (until) =>
        client.send(command, until),
      )
      if (answer.Signature === undefined || answer.KeyId === undefined)
        throw new SdkAnswerError('Sign')
      const { requestId } = answer.$metadata
      return {
        der: answer.Signature,
        keyRef: answer.KeyId,
        ...(requestId === undefined ? {} : { requestId }),
      }
    },
  }
}

/**
 * The SDK has no deadline that covers a call and its retries, but accepts a
 * signal.
 */
async function within<answer>(
  { deadline, signal }: CallOptions = {},
  send: (options: { abortSignal?: AbortSignal }) => Promise<answer>,
): Promise<answer> {
  if (deadline === undefined || deadline > Date.now() + maxTimerMs)
    return send(signal === undefined ? {} : { abortSignal: signal })
  const leftMs = Math.max(0, deadline - Date.now())
  const late = AbortSignal.timeout(leftMs)
  const abortSignal = AbortSignal.any([late, ...(signal ? [signal] : [])])
  try {
    return await send({ abortSignal })
  } catch (error) {
    throw late.aborted && !signal?.aborted ? new SdkTimeoutError(leftMs) : error
  }
}

/** No answer arrived before the caller's deadline. */
export class SdkTimeoutError extends BaseError {
  constructor(timeoutMs: number) {
    const ms = Math.round(timeoutMs)
    super(
      'kms-timeout',
      ms === 0
        ? 'The time limit was reached before KMS could be called.'
        : `KMS did not answer within ${ms} ms.`,
      { details: 'You can repeat the call.' },
    )
    this.name = 'SdkTimeoutError'
  }
}

/** The SDK's answer lacks a member that KMS always sends. */
export class SdkAnswerError extends BaseError {
  constructor(operation: string) {
    super('kms-response', `The response to ${operation} is incomplete.`, {
      details: 'Check that the endpoint is KMS.',
    })
    this.name = 'SdkAnswerError'
  }
}
