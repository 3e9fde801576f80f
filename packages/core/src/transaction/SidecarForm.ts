import type { Hex } from 'ox/Hex'
import type { NetworkFacts } from '../networks/NetworkFacts.js'
import { InvalidTransactionError } from './InvalidTransactionError.js'
import type { Sidecars } from './Sidecars.js'

/**
 * The form of sidecars: EIP-4844 with `proofs`, or EIP-7594 with `cellProofs`.
 */
export type Form = NonNullable<NetworkFacts['sidecar']>

/** The two lists of proofs; each belongs to one form. */
export type ProofName = 'proofs' | 'cellProofs'

/**
 * Chooses which of the given proofs to use.
 *
 * @param form - The form the network accepts; if undefined, only one kind of
 * proof may be given.
 */
export function chooseProofs(
  came: readonly ProofName[],
  form: Form | undefined,
): ProofName | undefined {
  if (form === undefined) return came.length === 1 ? came[0] : undefined
  const wanted = form === 'eip4844' ? 'proofs' : 'cellProofs'
  return came.find((name) => name === wanted)
}

/** Explains why none of the given proofs can be used. */
export function explainProofs(
  came: readonly ProofName[],
  form: Form | undefined,
): string {
  if (form === 'eip4844')
    return 'must include proofs; the network requires EIP-4844'
  if (form === 'eip7594')
    return 'must include cellProofs; the network requires EIP-7594'
  return came.length > 0
    ? 'has both proofs (EIP-4844) and cellProofs (EIP-7594), and Keyward does not know which of them this network accepts; allowed: only the one that it accepts'
    : 'must include proofs (EIP-4844) or cellProofs (EIP-7594)'
}

/**
 * Converts sidecars to the form that a network accepts. Sidecars with both
 * kinds of proof keep one.
 *
 * @throws InvalidTransactionError
 */
export function inForm(sidecars: object, form: Form | undefined): Sidecars {
  const { blobs, commitments } = sidecars as Sidecars
  const came = (['proofs', 'cellProofs'] as const).filter(
    (name) => (sidecars as Partial<Record<ProofName, unknown>>)[name],
  )
  const name = chooseProofs(came, form)
  if (name === undefined)
    throw new InvalidTransactionError(`sidecars ${explainProofs(came, form)}`)
  const proofs = (sidecars as Record<ProofName, readonly Hex[]>)[name]
  return name === 'proofs'
    ? { blobs, commitments, proofs }
    : { blobs, commitments, cellProofs: proofs }
}
