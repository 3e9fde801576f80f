import { BaseError, type Hex, type SigningKey, TypedData } from '@keyward/core'
import { dangers, type Finding } from './danger/Danger.js'
import type { Review } from './review.js'
import { toTypedData } from './SafeTransaction.js'
import type { SafeSignature } from './signatures/SafeSignature.js'

type Ecdsa = Extract<SafeSignature, { kind: 'ecdsa' }>

/**
 * An owner's consent to what was reviewed. Exactly one call of the key service.
 *
 * @throws DangerousTransactionError, NotAnOwnerError before anything is signed,
 * and what the key throws
 */
export async function cosign(
  key: SigningKey.SigningKey,
  review: Review,
  options?: SigningKey.SignOptions,
): Promise<Ecdsa> {
  const { domain, transaction, state, findings } = review
  if (findings.length > 0)
    throw new DangerousTransactionError(review.hashes.safeTx, findings)
  const owner = key.address.toLowerCase() as Hex
  if (!state.owners.includes(owner))
    throw new NotAnOwnerError(owner, domain.safe)
  const typedData = toTypedData(domain, transaction)
  const bytes = await TypedData.sign(key, typedData, options)
  return { kind: 'ecdsa', owner, bytes }
}

/** A transaction that nobody should sign, or that a rule has to open first. */
export class DangerousTransactionError extends BaseError {
  readonly findings: readonly Finding[]

  constructor(safeTx: Hex, findings: readonly Finding[]) {
    super(
      'dangerous-transaction',
      `The Safe transaction ${safeTx} was refused: ${findings.map(({ danger }) => danger).join(', ')}.`,
      {
        details: [
          ...findings.map(
            ({ danger, path, text }) =>
              `- ${danger}${path === '' ? '' : ` (call ${path})`}: ${text}. ${dangers[danger]}`,
          ),
          'Nothing was signed. What is meant all the same has to be opened by its name.',
        ].join('\n'),
      },
    )
    this.name = 'DangerousTransactionError'
    this.findings = findings
  }
}

/** The key's account is no owner of the Safe. */
export class NotAnOwnerError extends BaseError {
  constructor(account: Hex, safe: Hex) {
    super('not-an-owner', `${account} is no owner of the Safe ${safe}.`, {
      details: 'Nothing was signed. Use the key of one of its owners.',
    })
    this.name = 'NotAnOwnerError'
  }
}
