import type { KMSClient } from '@aws-sdk/client-kms'
import type { LambdaClient } from '@aws-sdk/client-lambda'
import { AddressField, Problems } from '@keyward/core'
import { isDenied, isMissing, nameOf } from '../aws/peek.js'
import { addressOf } from '../commands/describeKey.js'
import { invoke } from '../demo/invoke.js'

export type AddressAnswer =
  /** `function`: it asked KMS, since the caller may not. */
  | { address: string; from: 'kms' | 'function' }
  /** Why KMS gives none, in words. */
  | { address: undefined; reason: string }

/**
 * The address that KMS has for a key: by kms:GetPublicKey, or, for who may not
 * call that, by the status of a function, which asks KMS each time.
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
    if (/^(Disabled|KMSInvalidState)/.test(nameOf(cause)))
      return { address: undefined, reason: 'KMS gives none in this state' }
    if (isMissing(cause)) return { address: undefined, reason: 'no such key' }
    if (!isDenied(cause)) throw error
  }
  for (const name of functions) {
    const answer = await invoke(lambda, name, { operation: 'status' }).catch(
      () => undefined,
    )
    const address = parse(answer?.eth_checksum_address)
    if (address !== undefined) return { address, from: 'function' }
  }
  return {
    address: undefined,
    reason:
      'not allowed to see (kms:GetPublicKey, or the status of a function)',
  }
}

function parse(value: unknown): string | undefined {
  return AddressField.parse(
    value,
    'eth_checksum_address',
    Problems.create('answer'),
  )
}

function causeOf(error: unknown): unknown {
  return (error as { cause?: unknown }).cause ?? error
}
