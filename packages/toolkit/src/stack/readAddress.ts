import type { KMSClient } from '@aws-sdk/client-kms'
import type { LambdaClient } from '@aws-sdk/client-lambda'
import { AddressField, Problems } from '@keyward/core'
import { addressOf } from '../aws/describeKey.js'
import { invoke, isKeyDisabled } from '../aws/invoke.js'
import { isDenied, isMissing, nameOf } from '../aws/peek.js'

export type AddressAnswer =
  /** `function`: a function asked KMS, because the caller isn't allowed to. */
  | { address: string; from: 'kms' | 'function' }
  | {
      address: undefined
      /** Describes why KMS did not return the address. */
      reason: string
      /** Whether a function reported that the key doesn't match its pin. */
      mispinned: boolean
      /** False if neither KMS nor a function showed that there is a key. */
      isThere: boolean
      /** Set if KMS or a function reported that the key is disabled. */
      isDisabled?: true
    }

/**
 * The address of a key according to KMS, from kms:GetPublicKey. If the caller
 * isn't allowed to call that, a function's alias `status` returns the address:
 * it asks KMS each time, and can't be used to sign anything.
 */
export async function readAddress(
  kms: KMSClient,
  lambda: LambdaClient,
  key: string,
  functions: readonly string[],
): Promise<AddressAnswer> {
  try {
    return { address: await addressOf(kms, key), from: 'kms' }
  } catch (error) {
    const cause = causeOf(error)
    if (nameOf(cause).startsWith('Disabled'))
      return disabled('KMS returns no public key while the key is disabled')
    if (nameOf(cause).startsWith('KMSInvalidState'))
      return none(
        'KMS returns no public key while the key has no material or its deletion is scheduled',
      )
    if (isMissing(cause)) return none('no such key', false)
    if (!isDenied(cause)) throw error
  }
  let areStopped = functions.length > 0
  let isThere = false
  for (const name of functions) {
    try {
      const answer = await invoke(lambda, `${name}:status`, {
        operation: 'status',
      })
      const address = parse(answer.eth_checksum_address)
      if (address !== undefined) return { address, from: 'function' }
      isThere = true
    } catch (error) {
      if (isKeyDisabled(error))
        return disabled('the functions report that the key is disabled')
      if (nameOf(error) !== 'TooManyRequestsException') areStopped = false
      if (!isMissing(error) && !isDenied(error)) isThere = true
      const { details } = error as { details?: string }
      if (details?.startsWith('AddressMismatchError'))
        return {
          address: undefined,
          reason: 'the functions are pinned to another account',
          mispinned: true,
          isThere: true,
        }
    }
  }
  if (areStopped)
    return none(
      "the functions don't answer (frozen or busy), and you have no permission to ask KMS",
    )
  return none(
    "you have no permission (kms:GetPublicKey, or lambda:InvokeFunction on a function's alias status)",
    isThere,
  )
}

function none(
  reason: string,
  isThere = true,
): AddressAnswer & { address: undefined } {
  return { address: undefined, reason, mispinned: false, isThere }
}

function disabled(reason: string): AddressAnswer {
  return { ...none(reason), isDisabled: true }
}

function parse(value: unknown): string | undefined {
  const problems = Problems.create('answer')
  const address = AddressField.parse(value, 'eth_checksum_address', problems)
  return address && AddressField.toChecksum(address)
}

function causeOf(error: unknown): unknown {
  return (error as { cause?: unknown }).cause ?? error
}
