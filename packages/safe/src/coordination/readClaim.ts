import type { Hex } from '@keyward/core'
import * as Proposal from '../Proposal.js'
import type { SafeSignature } from '../signatures/SafeSignature.js'
import type { ProposalRecord } from './ProposalRecord.js'

/**
 * The transaction of a record, computed from its fields.
 *
 * @throws ProposalMismatchError if the fields have a different hash,
 * InvalidRequestError if they are invalid
 */
export async function readClaim({
  safeTx,
  bundle,
}: ProposalRecord): Promise<Proposal.Proposal> {
  const proposal = await Proposal.fromBundle(bundle)
  if (proposal.safeTx !== safeTx)
    throw new Proposal.ProposalMismatchError(safeTx, proposal.safeTx)
  return proposal
}

/** Returns only signatures that recover to their owners; others are ignored. */
export async function readSignatures(
  { signatures }: ProposalRecord,
  { safeTx }: Proposal.Proposal,
): Promise<SafeSignature[]> {
  const read = await Promise.all(
    Object.entries(signatures).map(([owner, { bytes }]) =>
      Proposal.toSignature(safeTx, owner as Hex, bytes).catch((error) => {
        if (error instanceof Proposal.BadConfirmationError) return undefined
        throw error
      }),
    ),
  )
  return read.filter((one) => one !== undefined)
}
