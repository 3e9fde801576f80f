import type { Hex } from 'ox/Hex'
import type { NetworkFacts } from '../networks/NetworkFacts.js'
import { InvalidTransactionError } from './InvalidTransactionError.js'
import type { Sidecars } from './Sidecars.js'

/** The form of sidecars: of EIP-4844 with proofs, of EIP-7594 with cellProofs. */
export type Form = NonNullable<NetworkFacts['sidecar']>

/** The lists of proofs, each of which belongs to a form. */
export type ProofName = 'proofs' | 'cellProofs'

/**
 * Which of the proofs that came are to be taken.
 *
 * @param form - What the network takes; without it, what came alone is taken.
 */
export function chooseProofs(
  came: readonly ProofName[],
  form: Form | undefined,
): ProofName | undefined {
  if (form === undefined) return came.length === 1 ? came[0] : undefined
  const wanted = form === 'eip4844' ? 'proofs' : 'cellProofs'
  return came.find((name) => name === wanted)
}

/** What sidecars lack of whose proofs none can be taken. */
export function explainProofs(
  came: readonly ProofName[],
  form: Form | undefined,
): string {
  if (form === 'eip4844') return 'needs proofs: the network accepts EIP-4844'
  if (form === 'eip7594')
    return 'needs cellProofs: the network accepts EIP-7594'
  return came.length > 0
    ? 'has proofs and cellProofs, but it is not known which the network accepts; allowed: one of the two'
    : 'needs proofs (EIP-4844) or cellProofs (EIP-7594)'
}

/**
 * Sidecars in the form that a network takes; those that have the proofs of both
 * are left with one.
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
