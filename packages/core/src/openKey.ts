import type * as Address from 'ox/Address'
import * as Hex from 'ox/Hex'
import * as Authorize from './Authorize.js'
import { findYParity } from './findYParity.js'
import type { CallOptions, KeyService } from './KeyService.js'
import * as Pin from './Pin.js'
import * as PublicKey from './PublicKey.js'
import * as Request from './Request.js'
import {
  type Engine,
  loadEngine,
  recoverPublicKey,
} from './recoverPublicKey.js'
import * as Signature from './Signature.js'
import { waitFor } from './waitFor.js'

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
  getAddress(options?: CallOptions): Promise<Address.Address>
  /**
   * Asks the key service anew and compares the answer with what is pinned.
   *
   * @throws KeyChangedError, AddressMismatchError
   */
  checkAddress(
    options?: CallOptions,
  ): Promise<{ address: Address.Address; keyRef: string }>
  /**
   * The only way to a signature. The request is copied at once, its digest
   * computed and, before the key service is asked, `authorize` heard.
   *
   * @throws before anything is signed: what `authorize` throws,
   * InvalidRequestError, InvalidTransactionError, InvalidTypedDataError,
   * PurposeMismatchError, SigningTimeoutError; InvalidSignatureError,
   * KeyChangedError, AddressMismatchError, and what the key service throws
   */
  sign<request extends Request.SigningRequest>(
    request: request,
    options?: SignOptions,
  ): Promise<Signed<request>>
}

export type SignOptions = CallOptions & {
  /** Who wants it and what for. */
  context?: Authorize.SigningContext | undefined
}

/** A signature that was verified, and what was signed. */
export type Signed<request = Request.SigningRequest> = Signature.Recovered & {
  /** The frozen copy that the digest was computed from. */
  request: request
  digest: Hex.Hex
  address: Address.Address
  /** Of the key service's Sign call: joins our log with CloudTrail. */
  requestId?: string
}

export type Parameters = {
  service: KeyService
  keyId: string
  /** Account the key must have; with it no call is made before signing. */
  expectedAddress?: Address.Address | undefined
  /** The policy that is heard before each signature. @default none */
  authorize?: Authorize.Authorize | undefined
}

/**
 * The gate before the key: nothing else calls a key service.
 *
 * @param toDigest - Understands the kinds of request that the key signs, and
 * throws for others.
 */
export function openKey(
  parameters: Parameters,
  toDigest: (request: Request.SigningRequest) => Hex.Hex,
): LazySigningKey {
  const { service, keyId, authorize } = parameters
  const pin = Pin.create(keyId, parameters.expectedAddress)
  // Compiled while the first request is on its way; a failure shows there.
  loadEngine().catch(() => {})
  let asking: Promise<unknown> | undefined

  async function askPublicKey(options: CallOptions | undefined) {
    const { spki, keyRef } = await service.getPublicKey(keyId, options)
    const publicKey = PublicKey.fromSpki(spki)
    return { address: Pin.holdPublicKey(pin, publicKey, keyRef), keyRef }
  }

  async function knowAddress(options: CallOptions = {}) {
    if (pin.address === undefined && asking !== undefined)
      // Its failure is another caller's, who may have had less time.
      await waitFor(
        asking.catch(() => {}),
        'the public key',
        options,
      )
    if (pin.address !== undefined) return pin.address
    const own = askPublicKey(options)
    asking ??= own.finally(() => {
      asking = undefined
    })
    asking.catch(() => {})
    return (await own).address
  }

  /** @throws what refuses the signature */
  async function askPolicy(
    request: Request.SigningRequest,
    context: Authorize.AuthorizeContext,
  ): Promise<void> {
    const { purpose } = context
    const ask = async () => authorize?.(request, context)
    if (purpose === 'request' || purpose === 'bump')
      return Authorize.assertAllowed(
        await waitFor<unknown>(ask(), 'the policy', context),
      )
    Authorize.assertNothing(request, purpose, await knowAddress(context))
    ask().catch(() => {})
  }

  /** Undefined where the signature is not by the pinned key. */
  function findPinned(
    engine: Engine,
    digest: Uint8Array,
    signature: Signature.Signature,
  ): 0 | 1 | undefined {
    if (pin.publicKey !== undefined)
      return findYParity(engine, digest, signature, pin.publicKey)
    return ([0, 1] as const).find((yParity) => {
      const recovered = { ...signature, yParity }
      const publicKey = recoverPublicKey(engine, digest, recovered)
      return publicKey !== undefined && Pin.holdRecovered(pin, publicKey)
    })
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
    async checkAddress(options) {
      Pin.assertWhole(pin)
      return askPublicKey(options)
    },
    async sign(given, { deadline, signal, context } = {}) {
      Pin.assertWhole(pin)
      const options = { deadline, signal }
      const request = Request.copy(given)
      const digest = toDigest(request)
      const { address } = pin
      const about = Authorize.toContext(context, {
        ...{ keyId, address, digest, ...options },
      })
      if (authorize !== undefined || about.purpose !== 'request')
        await askPolicy(request, about)
      const allowedAt = Date.now()
      Pin.assertWhole(pin)
      signal?.throwIfAborted()
      const bytes = Hex.toBytes(digest)
      const [answer, engine] = await Promise.all([
        // A copy of its own: what is verified is not the service's to change.
        service.signDigest(keyId, bytes.slice(), options),
        loadEngine(),
        knowAddress(options),
      ])
      Pin.assertWhole(pin)
      Pin.holdRef(pin, answer.keyRef)
      const isLimited = about.purpose === 'request' || about.purpose === 'bump'
      if (authorize !== undefined && isLimited) Authorize.assertFresh(allowedAt)
      const signature = Signature.toLowS(Signature.fromDer(answer.der))
      const yParity = findPinned(engine, bytes, signature)
      const signer = pin.address
      if (yParity !== undefined && signer !== undefined)
        return {
          ...signature,
          yParity,
          request,
          digest,
          address: signer,
          ...(answer.requestId !== undefined && {
            requestId: answer.requestId,
          }),
        }
      throw new Signature.InvalidSignatureError(
        `it does not belong to the key of ${pin.address}`,
      )
    },
  }
}
