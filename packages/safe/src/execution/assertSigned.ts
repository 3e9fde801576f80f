import { AddressField, BaseError, type Hex } from '@keyward/core'
import type { Proposal } from '../Proposal.js'
import * as SignatureCheck from '../signatures/check.js'
import * as SafeSignature from '../signatures/SafeSignature.js'
import type { SafeState } from '../state/readState.js'

/**
 * Packs as many owners' signatures as the Safe requires, and checks them as its
 * contract will. The same signatures always give the same bytes.
 *
 * @throws SignaturesError
 */
export async function assertSigned(
  { safeTx, signatures }: Proposal,
  { owners, threshold }: Pick<SafeState, 'owners' | 'threshold'>,
): Promise<Hex> {
  const signed = signatures
    .filter(({ owner }) => owners.includes(owner))
    .sort((a, b) => (a.owner < b.owner ? -1 : 1))
  if (signed.length < threshold) {
    const signers = signed.map(({ owner }) => owner)
    const missing = owners.filter((owner) => !signers.includes(owner))
    throw new SignaturesError(
      `The transaction has ${signed.length} of ${threshold} required signatures.`,
      `${missing.map((owner) => `- ${AddressField.toChecksum(owner)} has not signed`).join('\n')}\nNothing was sent. Each owner signs with keyward safe approve; keyward safe import merges their files.`,
    )
  }
  const bundle = SafeSignature.pack(signed.slice(0, threshold))
  const verdict = await SignatureCheck.check(safeTx, bundle, {
    owners,
    threshold,
  })
  if (verdict.ok) return bundle
  const { code, index } = verdict
  throw new SignaturesError(
    `The Safe would refuse signature ${index + 1} with ${code}.`,
    `${code} means: ${SignatureCheck.explain(code)}. Nothing was sent.`,
  )
}

/** The Safe would reject the bundle's signatures. */
export class SignaturesError extends BaseError {
  override readonly name = 'SignaturesError'

  constructor(shortMessage: string, details: string) {
    super('signatures-refused', shortMessage, { details })
  }
}
