import * as Address from 'ox/Address'
import { BaseError } from './errors/BaseError.js'
import * as PublicKey from './PublicKey.js'
import * as AddressField from './parse/AddressField.js'
import * as Problems from './parse/Problems.js'

/** Properties of a key that must not change while it is in use. */
export type Pin = {
  keyId: string
  keyRef: string | undefined
  address: Address.Address | undefined
  publicKey: PublicKey.PublicKey | undefined
  /** Set once the key has changed; signing then stops permanently. */
  broken: BaseError | undefined
}

/** @throws InvalidRequestError if `expectedAddress` is not a valid address */
export function create(keyId: string, expectedAddress: unknown): Pin {
  return {
    keyId,
    // KMS also returns the key's ARN as its name.
    keyRef: /^arn:[^:]+:kms:[^:]+:\d+:key\//.test(keyId) ? keyId : undefined,
    address: readExpected(expectedAddress),
    publicKey: undefined,
    broken: undefined,
  }
}

function readExpected(address: unknown): Address.Address | undefined {
  if (address === undefined) return undefined
  const problems = Problems.create('signing key')
  const lower = AddressField.parse(address, 'expectedAddress', problems)
  problems.assertNone()
  return lower && Address.checksum(lower)
}

/** @throws the KeyChangedError or AddressMismatchError of an earlier check */
export function assertWhole(pin: Pin): void {
  if (pin.broken !== undefined) throw pin.broken
}

/** @throws KeyChangedError */
export function holdRef(pin: Pin, keyRef: string): void {
  pin.keyRef ??= keyRef
  if (pin.keyRef === keyRef) return
  pin.broken = new KeyChangedError(pin.keyId, pin.keyRef, keyRef)
  throw pin.broken
}

/** @throws KeyChangedError, AddressMismatchError */
export function holdPublicKey(
  pin: Pin,
  publicKey: PublicKey.PublicKey,
  keyRef: string,
): Address.Address {
  const address = PublicKey.toAddress(publicKey)
  holdRef(pin, keyRef)
  if (pin.address !== undefined && pin.address !== address) {
    pin.broken = new AddressMismatchError(pin.keyId, pin.address, address)
    throw pin.broken
  }
  pin.address = address
  pin.publicKey = publicKey
  return address
}

/**
 * Pins the public key recovered from a signature, if it matches the account.
 */
export function holdRecovered(pin: Pin, publicKey: Uint8Array): boolean {
  if (PublicKey.toAddress(publicKey) !== pin.address) return false
  pin.publicKey = publicKey
  return true
}

/**
 * The key id now points to another key, for example because an alias was moved.
 */
export class KeyChangedError extends BaseError {
  constructor(keyId: string, before: string, now: string) {
    super(
      'key-changed',
      keyId === before
        ? `The response for ${keyId} came from another key.`
        : `The key behind ${keyId} has changed.`,
      {
        details:
          keyId === before
            ? `That key is ${now}. Signing has stopped. Check that the endpoint is KMS, and restart the process.`
            : `It was ${before} and is now ${now}. Signing has stopped. If the change was intended, specify the new key by its full name (for a KMS key, its ARN), and restart the process.`,
      },
    )
    this.name = 'KeyChangedError'
  }
}

/** The key's account is not the one that is pinned. */
export class AddressMismatchError extends BaseError {
  constructor(keyId: string, expected: string, actual: string) {
    super(
      'address-mismatch',
      `The key ${keyId} does not belong to the expected address ${expected}.`,
      {
        details: `The key's address is ${actual}. Nothing was signed. Correct the key id or the expected address.`,
      },
    )
    this.name = 'AddressMismatchError'
  }
}
