import { BaseError, type Hex, type SigningKey, TypedData } from '@keyward/core'
import { dangers, type Finding } from './danger/Danger.js'
import type { MessageReview } from './message/reviewMessage.js'
import type { Review } from './review.js'
import * as SafeMessage from './SafeMessage.js'
import { toTypedData } from './SafeTransaction.js'
import type { SafeSignature } from './signatures/SafeSignature.js'

type Ecdsa = Extract<SafeSignature, { kind: 'ecdsa' }>

/**
 * Signs a reviewed transaction with an owner's key. Exactly one call to the key
 * service.
 *
 * @throws DangerousTransactionError, NotAnOwnerError before anything is signed,
 * and the key's errors
 */
export async function cosign(
  key: SigningKey.SigningKey,
  review: Review,
  options?: SigningKey.SignOptions,
): Promise<Ecdsa> {
  const { domain, transaction, findings } = review
  if (findings.length > 0)
    throw new DangerousTransactionError(review.hashes.safeTx, findings)
  return sign(key, review, toTypedData(domain, transaction), options)
}

/**
 * Like {@link cosign}, for a message of the Safe.
 *
 * @throws DangerousMessageError, NotAnOwnerError, and the key's errors
 */
export async function cosignMessage(
  key: SigningKey.SigningKey,
  review: MessageReview,
  options: SigningKey.SignOptions = {},
): Promise<Ecdsa> {
  const { domain, preimage, findings } = review
  if (findings.length > 0)
    throw new DangerousMessageError(review.hashes.safeMessage, findings)
  const request = SafeMessage.toRequest(preimage)
  const context = { ...options.context, preimage: request }
  const typedData = SafeMessage.toTypedData(domain, preimage)
  return sign(key, review, typedData, { ...options, context })
}

async function sign(
  key: SigningKey.SigningKey,
  { domain, state }: Pick<Review, 'domain' | 'state'>,
  typedData: TypedData.TypedData,
  options: SigningKey.SignOptions | undefined,
): Promise<Ecdsa> {
  const owner = key.address.toLowerCase() as Hex
  if (!state.owners.includes(owner))
    throw new NotAnOwnerError(owner, domain.safe)
  const bytes = await TypedData.sign(key, typedData, options)
  return { kind: 'ecdsa', owner, bytes }
}

/** The transaction is dangerous, and no rule allows it. */
export class DangerousTransactionError extends BaseError {
  readonly findings: readonly Finding[]

  constructor(safeTx: Hex, findings: readonly Finding[]) {
    super(
      'dangerous-transaction',
      `The Safe transaction ${safeTx} was refused. Dangers found: ${namesOf(findings)}.`,
      { details: explain(findings) },
    )
    this.name = 'DangerousTransactionError'
    this.findings = findings
  }
}

/** The message of the Safe is dangerous, and no rule allows it. */
export class DangerousMessageError extends BaseError {
  readonly findings: readonly Finding[]

  constructor(safeMessage: Hex, findings: readonly Finding[]) {
    super(
      'dangerous-message',
      `The Safe message ${safeMessage} was refused. Dangers found: ${namesOf(findings)}.`,
      { details: explain(findings) },
    )
    this.name = 'DangerousMessageError'
    this.findings = findings
  }
}

const namesOf = (findings: readonly Finding[]) =>
  [...new Set(findings.map(({ danger }) => danger))].join(', ')

const explain = (findings: readonly Finding[]) =>
  [
    ...findings.map(
      ({ danger, path, text }) =>
        `- ${danger}${path === '' ? '' : ` (call ${path})`}: ${text}. ${dangers[danger]}`,
    ),
    `Nothing was signed. To allow a danger, pass its name (such as ${findings[0]?.danger}) with --open, or add it to the owner's open setting.`,
  ].join('\n')

/** The key's account is not an owner of the Safe. */
export class NotAnOwnerError extends BaseError {
  constructor(account: Hex, safe: Hex) {
    super('not-an-owner', `${account} is not an owner of the Safe ${safe}.`, {
      details: "Nothing was signed. Use the key of one of the Safe's owners.",
    })
    this.name = 'NotAnOwnerError'
  }
}
