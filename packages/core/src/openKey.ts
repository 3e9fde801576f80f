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

/** A signing key whose account is known. */
export type SigningKey = LazySigningKey & {
  /** With an EIP-55 checksum. */
  readonly address: Address.Address
}

/** A signing key whose account may be unknown until its first use. */
export type LazySigningKey = {
  /** As given: a UUID, ARN, alias name or alias ARN. */
  readonly keyId: string
  readonly address: Address.Address | undefined
  /** 65 bytes, known after GetPublicKey or the first signature. */
  readonly publicKey: PublicKey.PublicKey | undefined
  /** Asks the key service once and caches the answer. */
  getAddress(options?: CallOptions): Promise<Address.Address>
  /**
   * Asks the key service again and compares the answer with the pin.
   *
   * @throws KeyChangedError, AddressMismatchError
   */
  checkAddress(
    options?: CallOptions,
  ): Promise<{ address: Address.Address; keyRef: string }>
  /**
   * The only way to get a signature. It copies the request immediately,
   * computes its digest and calls `authorize` before asking the key service.
   *
   * @throws before anything is signed: any error from `authorize`,
   * InvalidRequestError, InvalidTransactionError, InvalidTypedDataError,
   * PurposeMismatchError, SigningTimeoutError; InvalidSignatureError,
   * KeyChangedError, AddressMismatchError, and any error from the key service
   */
  sign<request extends Request.SigningRequest>(
    request: request,
    options?: SignOptions,
  ): Promise<Signed<request>>
}

export type SignOptions = CallOptions & {
  /** Who wants the signature and why. */
  context?: Authorize.SigningContext | undefined
}

/** A verified signature and the request that it signs. */
export type Signed<request = Request.SigningRequest> = Signature.Recovered & {
  /** The frozen copy from which the digest was computed. */
  request: request
  digest: Hex.Hex
  address: Address.Address
  /** Id of the key service's Sign call, to match our log with CloudTrail. */
  requestId?: string
}

export type Parameters = {
  service: KeyService
  keyId: string
  /**
   * The account that the key must have. If set, the key can sign without calling
   * `GetPublicKey` first.
   */
  expectedAddress?: Address.Address | undefined
  /** The policy to ask before each signature. @default none */
  authorize?: Authorize.Authorize | undefined
  /**
   * Called if the key service signed but the signature is not returned, for
   * example because it is not by the key. The audit log of the service shows
   * that call too. It must not throw. @default nothing
   */
  onDiscard?: OnDiscard | undefined
}

export type OnDiscard = (
  context: Authorize.AuthorizeContext,
  discarded: {
    /** Id of the key service's Sign call. */
    requestId: string | undefined
    /** The error that `sign` throws. */
    error: unknown
  },
) => void

/**
 * The gate before the key: nothing else calls a key service.
 *
 * @param toDigest - Hashes the kinds of request that the key signs and throws
 * for others.
 */
export function openKey(
  parameters: Parameters,
  toDigest: (request: Request.SigningRequest) => Hex.Hex,
): LazySigningKey {
  const { service, keyId, authorize, onDiscard } = parameters
  const pin = Pin.create(keyId, parameters.expectedAddress)
  // The engine is compiled while the first request is on its way. A failure
  // surfaces on use.
  loadEngine().catch(() => {})
  let asking: Promise<unknown> | undefined

  async function askPublicKey(options: CallOptions | undefined) {
    const { spki, keyRef } = await service.getPublicKey(keyId, options)
    const publicKey = PublicKey.fromSpki(spki)
    return { address: Pin.holdPublicKey(pin, publicKey, keyRef), keyRef }
  }

  async function knowAddress(options: CallOptions = {}) {
    if (pin.address === undefined && asking !== undefined)
      // Ignore a failure: it belongs to the other caller, who may have had less
      // time.
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

  /** @throws the error that refuses the signature */
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

  /** Undefined if the signature is not by the pinned key. */
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
      let isSigned = false
      let requestId: string | undefined
      try {
        const [answer, engine] = await Promise.all([
          // The service gets its own copy, so it can't change what is verified.
          service.signDigest(keyId, bytes.slice(), options).then((answer) => {
            isSigned = true
            requestId = answer.requestId
            return answer
          }),
          loadEngine(),
          knowAddress(options),
        ])
        Pin.assertWhole(pin)
        Pin.holdRef(pin, answer.keyRef)
        const isLimited =
          about.purpose === 'request' || about.purpose === 'bump'
        if (authorize !== undefined && isLimited)
          Authorize.assertFresh(allowedAt)
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
            ...(requestId !== undefined && { requestId }),
          }
        throw new Signature.InvalidSignatureError(
          `it does not belong to the key of ${pin.address}`,
        )
      } catch (error) {
        if (isSigned) onDiscard?.(about, { requestId, error })
        throw error
      }
    },
  }
}
