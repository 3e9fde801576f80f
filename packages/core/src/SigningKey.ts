import {
  type LazySigningKey,
  openKey,
  type Parameters,
  type SigningKey,
} from './openKey.js'
import { toDigest } from './toDigest.js'

/**
 * Connects to a key. Permissions: `kms:Sign`, and `kms:GetPublicKey` unless
 * `expectedAddress` is given. Cost: one GetPublicKey call without
 * `expectedAddress`, none with it; then exactly one Sign per signature. The
 * account, the public key and the service's name for the key (its ARN) stay
 * pinned for the life of the object.
 *
 * @throws InvalidRequestError if `expectedAddress` is not a valid address,
 * InvalidPublicKeyError, and any error from the key service
 * @example
 * const key = await SigningKey.connect({ service, keyId: 'alias/treasury' })
 * key.address
 */
export async function connect(parameters: Parameters): Promise<SigningKey> {
  const key = open(parameters)
  await key.getAddress()
  return key as SigningKey
}

/**
 * Like `connect`, but makes no call. The first signature fetches the public key
 * and signs in parallel, which halves the latency of a cold function.
 */
export function open(parameters: Parameters): LazySigningKey {
  return openKey(parameters, toDigest)
}

export {
  type Authorize,
  type AuthorizeContext,
  NotAuthorizedError,
  type Purpose,
  PurposeMismatchError,
  type SigningContext,
} from './Authorize.js'
export type {
  LazySigningKey,
  Parameters,
  Signed,
  SigningKey,
  SignOptions,
} from './openKey.js'
export { AddressMismatchError, KeyChangedError } from './Pin.js'
export { SigningTimeoutError } from './waitFor.js'
