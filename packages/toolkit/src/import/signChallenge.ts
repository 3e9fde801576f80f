import type { KMSClient } from '@aws-sdk/client-kms'
import { Message, SigningKey } from '@keyward/core'
import { fromSdk } from '@keyward/core/sdk'
import { untilSettled } from '../aws/untilSettled.js'
import { callKms } from './ImportError.js'

/**
 * The text to sign as a proof. It is fixed, so it can never mean anything else.
 */
const challengeText =
  'Keyward: this signature shows that a key in AWS KMS signs for this ' +
  'account. It moves nothing and allows nothing.'

/**
 * Has KMS sign the challenge as an EIP-191 message, and checks that the account
 * signed it.
 *
 * @returns Whether the challenge was signed; false if the caller isn't allowed
 * to sign.
 * @throws ImportError, or core's errors if another key signed
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
        // SigningKey recovers the signer and throws unless it is `address`.
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
