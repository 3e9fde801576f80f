import type { Hex } from 'ox/Hex'
import { BaseError } from './errors/BaseError.js'
import * as Problems from './parse/Problems.js'
import { copy, type SigningRequest } from './Request.js'

/**
 * What a signature is for: a request, the same at higher fees, or a transfer
 * of nothing to the account itself in its place or in a gap of nonces.
 */
const purposes = ['request', 'bump', 'cancel', 'filler'] as const
export type Purpose = (typeof purposes)[number]

/** Who wants a signature and what for; a claim of the program that calls. */
export type SigningContext = {
  /** Take it from what proves it, never from the request. */
  caller?: string | undefined
  /** Of the sender's ledger: a bump has that of the request. */
  transactionId?: string | undefined
  /** @default request */
  purpose?: Purpose | undefined
  /**
   * Where a hash is signed in a wrapper, such as a message of a Safe: what it
   * is the hash of. Whoever decides by it has to hash it.
   */
  preimage?: SigningRequest | undefined
}

/** The same, and what the gate adds. */
export type AuthorizeContext = SigningContext & {
  readonly purpose: Purpose
  /** As the key was named. */
  readonly keyId: string
  /** Its account, where it is known yet. */
  readonly address: Hex | undefined
  /** What would be signed, hashed from the request by us. */
  readonly digest: Hex
  /** When the caller stops waiting, in ms since 1970. */
  readonly deadline?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * A policy: it throws to refuse, and returns nothing to allow. It sees a frozen
 * copy of the request, and its refusal costs no call to the key service. For
 * the purposes `cancel` and `filler`, which the gate has checked, it is told
 * and not waited for: whatever it does, they are signed.
 */
export type Authorize = (
  request: SigningRequest,
  context: AuthorizeContext,
) => void | Promise<void>

/**
 * What a policy is told, as it was when the signature was asked for.
 *
 * @throws InvalidRequestError for a purpose that is none
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
    problems.wrong('purpose', purpose, purposes.join(', '))
  problems.assertNone()
  return Object.freeze({
    ...{ ...about, caller, transactionId, purpose },
    ...(given && { preimage: copy(given) }),
  })
}

/** Anything but nothing was meant as an answer, and may have been a no. */
export function assertAllowed(answer: unknown): void {
  if (answer !== undefined)
    throw new NotAuthorizedError(
      `authorize returned a ${typeof answer}; to allow, return nothing, and to refuse, throw.`,
    )
}

/**
 * A cancel or a filler passes without a policy, so it has to be what it is
 * called: a transfer of nothing to the account itself.
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
  if (request.kind !== 'transaction') return `it signs a ${request.kind}`
  const { transaction } = request
  const { type, to, value, data } = transaction
  if (type === 'eip4844' || type === 'eip7702') return `it is of type ${type}`
  if (to?.toLowerCase() !== address.toLowerCase())
    return 'it goes to another account'
  if (value !== 0n) return 'it has a value'
  if (data !== '0x') return 'it has data'
  if (type !== 'legacy' && transaction.accessList.length > 0)
    return 'it has an access list'
  return undefined
}

/** A policy refused. Nothing was signed; policies may throw their own errors. */
export class NotAuthorizedError extends BaseError {
  constructor(reason: string) {
    super('not-authorized', 'The policy did not allow this signature.', {
      details: reason,
    })
    this.name = 'NotAuthorizedError'
  }
}

/** So long an answer of a policy holds: its windows count from then on. */
const maxAgeMs = 60_000

/**
 * Whoever slept between policy and signature, or the key service, finds limits
 * that others have been given since.
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
      'The signature came more than a minute after the policy allowed it.',
      { details: 'It is not returned. You can repeat the call.' },
    )
    this.name = 'AuthorizationStaleError'
  }
}

/** What was called a cancel or a filler is not one. Nothing was signed. */
export class PurposeMismatchError extends BaseError {
  constructor(purpose: Purpose, does: string) {
    super('purpose-mismatch', `This is not a ${purpose}: ${does}.`, {
      details:
        'A cancel or a filler is a transaction of value 0, without data, to the account itself. Nothing was signed. Use the purpose request or bump for anything else.',
    })
    this.name = 'PurposeMismatchError'
  }
}
