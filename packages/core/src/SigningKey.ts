import * as Address from 'ox/Address'
import { BaseError } from './errors/BaseError.js'
import type { KeyService } from './KeyService.js'
import * as PublicKey from './PublicKey.js'
import * as AddressField from './parse/AddressField.js'
import * as Problems from './parse/Problems.js'
import { loadEngine, recoverPublicKey } from './recoverPublicKey.js'
import * as Signature from './Signature.js'

/** A key that signs, whose account is known. */
export type SigningKey = LazySigningKey & {
  /** With EIP-55 checksum. */
  readonly address: Address.Address
}

/** A key that signs, whose account may not be known before its first use. */
export type LazySigningKey = {
  /** As it was given: UUID, ARN, alias name or alias ARN. */
  readonly keyId: string
  readonly address: Address.Address | undefined
  /** 65 bytes, once it is known: after GetPublicKey or the first signature. */
  readonly publicKey: PublicKey.PublicKey | undefined
  /** Asks the key service once, then answers from memory. */
  getAddress(): Promise<Address.Address>
  /**
   * Asks the key service anew and compares the answer with what is pinned.
   *
   * @throws KeyChangedError, AddressMismatchError
   */
  checkAddress(): Promise<{ address: Address.Address; keyArn: string }>
  /**
   * Signs 32 bytes as they are. Whoever may call this may sign anything: keep
   * it away from the outside and offer typed requests there.
   *
   * @throws InvalidSignatureError, KeyChangedError, AddressMismatchError,
   * InvalidDigestError, and what the key service throws
   */
  signDigest(
    digest: Uint8Array,
  ): Promise<Signature.Recovered & { requestId?: string }>
}

export type Parameters = {
  service: KeyService
  keyId: string
  /** Account the key must have; with it no call is made before signing. */
  expectedAddress?: Address.Address | undefined
}

/**
 * Connects to a key. Permissions: `kms:Sign`, and `kms:GetPublicKey` unless
 * `expectedAddress` is given. Cost: one GetPublicKey here without it, none
 * with it; then exactly one Sign per signature. The account, the public key and
 * the key's ARN stay pinned for the life of the object.
 *
 * @throws InvalidRequestError for an `expectedAddress` that is none,
 * InvalidPublicKeyError, and what the key service throws
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
 * Like `connect`, but makes no call: the first signature asks for the public
 * key and signs at the same time, which halves the wait of a cold function.
 */
export function open(parameters: Parameters): LazySigningKey {
  const { service, keyId } = parameters
  const pin: Pin = {
    keyId,
    keyArn: /^arn:[^:]+:kms:[^:]+:\d+:key\//.test(keyId) ? keyId : undefined,
    address: readExpected(parameters.expectedAddress),
    publicKey: undefined,
    broken: undefined,
  }
  // Compiled while the first request is on its way; a failure shows there.
  loadEngine().catch(() => {})
  let asking: Promise<Address.Address> | undefined

  async function askPublicKey() {
    const { spki, keyArn } = await service.getPublicKey(keyId)
    const address = pinPublicKey(pin, PublicKey.fromSpki(spki), keyArn)
    return { address, keyArn }
  }

  function knowAddress(): Promise<Address.Address> {
    if (pin.address !== undefined) return Promise.resolve(pin.address)
    asking ??= askPublicKey()
      .then((answer) => answer.address)
      .finally(() => {
        asking = undefined
      })
    return asking
  }

  return {
    keyId,
    get address() {
      return pin.address
    },
    get publicKey() {
      return pin.publicKey?.slice()
    },
    getAddress: knowAddress,
    async checkAddress() {
      assertWhole(pin)
      return askPublicKey()
    },
    async signDigest(digest) {
      if (digest.length !== 32) throw new InvalidDigestError(digest.length)
      assertWhole(pin)
      const [answer, engine] = await Promise.all([
        service.signDigest(keyId, digest),
        loadEngine(),
        knowAddress(),
      ])
      assertWhole(pin)
      pinArn(pin, answer.keyArn)
      const signature = Signature.toLowS(Signature.fromDer(answer.der))
      const { requestId } = answer
      for (const yParity of [0, 1] as const) {
        const candidate = { ...signature, yParity }
        const publicKey = recoverPublicKey(engine, digest, candidate)
        if (publicKey !== undefined && isPinned(pin, publicKey))
          return requestId === undefined
            ? candidate
            : { ...candidate, requestId }
      }
      throw new Signature.InvalidSignatureError(
        `it does not belong to the key of ${pin.address}`,
      )
    },
  }
}

/** What must not change while this object lives. */
type Pin = {
  keyId: string
  keyArn: string | undefined
  address: Address.Address | undefined
  publicKey: PublicKey.PublicKey | undefined
  /** Once the key has changed, signing stops for good. */
  broken: BaseError | undefined
}

function readExpected(address: unknown): Address.Address | undefined {
  if (address === undefined) return undefined
  const problems = Problems.create('signing key')
  const lower = AddressField.parse(address, 'expectedAddress', problems)
  problems.assertNone()
  return lower && Address.checksum(lower)
}

function assertWhole(pin: Pin): void {
  if (pin.broken !== undefined) throw pin.broken
}

function pinArn(pin: Pin, keyArn: string): void {
  pin.keyArn ??= keyArn
  if (pin.keyArn === keyArn) return
  pin.broken = new KeyChangedError(pin.keyId, pin.keyArn, keyArn)
  throw pin.broken
}

function pinPublicKey(
  pin: Pin,
  publicKey: PublicKey.PublicKey,
  keyArn: string,
): Address.Address {
  const address = PublicKey.toAddress(publicKey)
  pinArn(pin, keyArn)
  if (pin.address !== undefined && pin.address !== address) {
    pin.broken = new AddressMismatchError(pin.keyId, pin.address, address)
    throw pin.broken
  }
  pin.address = address
  pin.publicKey = publicKey
  return address
}

/** Equal to the pinned key or, where only the account is pinned, of it. */
function isPinned(pin: Pin, publicKey: Uint8Array): boolean {
  if (pin.publicKey === undefined) {
    if (PublicKey.toAddress(publicKey) !== pin.address) return false
    pin.publicKey = publicKey
    return true
  }
  for (let i = 0; i < publicKey.length; i++)
    if (publicKey[i] !== pin.publicKey[i]) return false
  return true
}

/** The key id leads to another key than before: an alias was moved. */
export class KeyChangedError extends BaseError {
  constructor(keyId: string, before: string, now: string) {
    super('key-changed', `The key behind ${keyId} has changed.`, {
      details: `It was ${before} and is now ${now}. Signing has stopped; if the move was meant, start anew, and name the key by its ARN.`,
    })
    this.name = 'KeyChangedError'
  }
}

/** The key has another account than the one it is pinned to. */
export class AddressMismatchError extends BaseError {
  constructor(keyId: string, expected: string, actual: string) {
    super('address-mismatch', `${keyId} is not the key of ${expected}.`, {
      details: `Its account is ${actual}. Nothing was signed; correct the key id or the expected address.`,
    })
    this.name = 'AddressMismatchError'
  }
}

/** Only digests of 32 bytes can be signed. */
export class InvalidDigestError extends BaseError {
  constructor(length: number) {
    super(
      'invalid-digest',
      `A digest has 32 bytes; ${length} bytes came. Hash the message first.`,
    )
    this.name = 'InvalidDigestError'
  }
}
