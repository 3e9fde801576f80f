import type { Hex } from 'ox/Hex'
import { BaseError } from './errors/BaseError.js'
import * as Problems from './parse/Problems.js'
import { copy, type SigningRequest } from './Request.js'

/**
 * The purpose of a signature: a request, the same request at higher fees
 * (bump), or a zero-value transfer to the account itself that cancels a request
 * or fills a nonce gap.
 */
const purposes = ['request', 'bump', 'cancel', 'filler'] as const
export type Purpose = (typeof purposes)[number]

/** Who wants the signature and why, according to the calling program. */
export type SigningContext = {
  /** Take it from authenticated data, never from the request. */
  caller?: string | undefined
  /** The id in the sender's ledger. A bump has the id of its request. */
  transactionId?: string | undefined
  /** @default request */
  purpose?: Purpose | undefined
  /**
   * The request that a wrapper hashes, if the wrapper's hash is signed, such as
   * that of a Safe message. A policy that relies on it must recompute the hash.
   */
  preimage?: SigningRequest | undefined
}

/** The signing context, plus what the gate adds. */
export type AuthorizeContext = SigningContext & {
  readonly purpose: Purpose
  /** The key id as given by the caller. */
  readonly keyId: string
  /** The key's account, if it is known yet. */
  readonly address: Hex | undefined
  /** The digest to sign, which the gate computed from the request. */
  readonly digest: Hex
  /** When the caller stops waiting, in ms since 1970. */
  readonly deadline?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * A policy. It throws to refuse and returns nothing to allow. It sees a frozen
 * copy of the request, and a refusal costs no call to the key service. The gate
 * checks the purposes `cancel` and `filler` itself: it notifies the policy but
 * doesn't wait for it, and signs regardless of what the policy does.
 */
export type Authorize = (
  request: SigningRequest,
  context: AuthorizeContext,
) => void | Promise<void>

/**
 * The context that the policy receives, captured when the signature was
 * requested.
 *
 * @throws InvalidRequestError for an unknown purpose
 */
export function toContext(
  {
    caller,
    transactionId,
    purpose = 'request',
    preimage: given,
  }: SigningContext = {},
  about: Omit<AuthorizeContext, keyof SigningContext>,
): AuthorizeContext {
  const problems = Problems.create('signing context')
  if (!purposes.includes(purpose))
    problems.wrong('purpose', purpose, 'request, bump, cancel or filler')
  problems.assertNone()
  return Object.freeze({
    ...{ ...about, caller, transactionId, purpose },
    ...(given && { preimage: copy(given) }),
  })
}

/**
 * Throws if the policy returned a value, which may have been meant as a
 * refusal.
 */
export function assertAllowed(answer: unknown): void {
  if (answer !== undefined)
    throw new NotAuthorizedError(
      `The authorize function returned a value of type ${typeof answer}. It must return nothing to allow the signature, or throw an error to refuse it.`,
    )
}

/**
 * Cancels and fillers need no policy, so each must really be a zero-value
 * transfer to the account itself.
 *
 * @throws PurposeMismatchError
 */
export function assertNothing(
  request: SigningRequest,
  purpose: Purpose,
  address: Hex,
): void {
  const does = describeEffect(request, address)
  if (does !== undefined) throw new PurposeMismatchError(purpose, does)
}

function describeEffect(
  request: SigningRequest,
  address: Hex,
): string | undefined {
  if (request.kind !== 'transaction') return `its kind is ${request.kind}`
  const { transaction } = request
  const { type, to, value, data } = transaction
  if (type === 'eip4844' || type === 'eip7702') return `its type is ${type}`
  if (to?.toLowerCase() !== address.toLowerCase())
    return 'its recipient (to) is not the account itself'
  if (value !== 0n) return 'its value is not 0'
  if (data !== '0x') return 'it has data'
  if (type !== 'legacy' && transaction.accessList.length > 0)
    return 'it has an access list'
  return undefined
}

/**
 * A policy refused the request. Nothing was signed. Policies may also throw
 * their own errors.
 */
export class NotAuthorizedError extends BaseError {
  constructor(reason: string) {
    super('not-authorized', 'The policy did not allow this signature.', {
      details: reason,
    })
    this.name = 'NotAuthorizedError'
  }
}

/**
 * How long a policy's approval stays valid. The policy's windows count from the
 * approval.
 */
const maxAgeMs = 60_000

/**
 * If the process or the key service paused after the policy decided, other
 * requests may have used up the limits that the policy checked.
 *
 * @param allowedAt - When the policy answered, in ms since 1970.
 * @throws AuthorizationStaleError
 */
export function assertFresh(allowedAt: number): void {
  if (Date.now() - allowedAt > maxAgeMs) throw new AuthorizationStaleError()
}

class AuthorizationStaleError extends BaseError {
  constructor() {
    super(
      'authorization-stale',
      'The signature arrived more than a minute after the policy allowed it.',
      { details: 'The signature was discarded. You can repeat the call.' },
    )
    this.name = 'AuthorizationStaleError'
  }
}

/**
 * A request's purpose is `cancel` or `filler`, but its content doesn't match.
 * Nothing was signed.
 */
export class PurposeMismatchError extends BaseError {
  constructor(purpose: Purpose, does: string) {
    super(
      'purpose-mismatch',
      `The request has the purpose ${purpose}, but ${does}.`,
      {
        details:
          'A cancellation or filler must be a zero-value transaction of type legacy, EIP-2930 or EIP-1559 to the account itself, without data or an access list. Nothing was signed. Use purpose "request" or "bump" for anything else.',
      },
    )
    this.name = 'PurposeMismatchError'
  }
}
