import type { KMSClient } from '@aws-sdk/client-kms'
import { Message, SigningKey } from '@keyward/core'
import { fromSdk } from '@keyward/core/sdk'
import { untilSettled } from '../aws/untilSettled.js'
import { callKms } from './ImportError.js'

/** What is signed as a proof. Fixed, so that it can never be anything else. */
const challengeText =
  'Keyward: this signature shows that a key in AWS KMS signs for this ' +
  'account. It moves nothing and allows nothing.'

/**
 * Has KMS sign the challenge as an EIP-191 message, and checks that it is the
 * account's signature.
 *
 * @returns Whether it was signed: false when the caller may not sign.
 * @throws ImportError, or core's errors when the signature is another's.
 */
export async function signChallenge(
  client: KMSClient,
  arn: string,
  address: string,
): Promise<boolean> {
  const key = await SigningKey.connect({
    service: fromSdk(client),
    keyId: arn,
    expectedAddress: address as `0x${string}`,
  })
  return callKms(
    {
      client,
      keyId: arn,
      doing: 'sign the challenge',
      permission: 'kms:Sign',
    },
    async () => {
      try {
        // SigningKey recovers who signed, and throws unless it is `address`.
        await untilSettled(() => Message.sign(key, challengeText))
        return true
      } catch (error) {
        if (isDenied(error)) return false
        throw error
      }
    },
  )
}

function isDenied(error: unknown): boolean {
  return (
    error instanceof Error &&
    (error.name === 'AccessDeniedException' || isDenied(error.cause))
  )
}
