import type { Hex, SigningKey, TypedData } from '@keyward/core'
import type { Rpc } from '@keyward/core/rpc'
import { assertSameSafe } from '../assertSameSafe.js'
import { cosign, NotAnOwnerError } from '../cosign.js'
import type { NamedDanger, Rules } from '../danger/Danger.js'
import { assertNonceUnused } from '../execution/SafeNonceError.js'
import * as Proposal from '../Proposal.js'
import { type Review, review } from '../review.js'
import type { SafeFile } from '../SafeFile.js'
import type { Preimage } from '../SafeMessage.js'
import { toTypedData } from '../SafeTransaction.js'
import {
  OwnProposalError,
  ProposalClosedError,
  ProposalNotFoundError,
  ViewDiffersError,
} from './errors.js'
import type {
  ProposalRecord,
  ProposalStore,
  RecordedView,
} from './ProposalRecord.js'
import { readClaim, readSignatures } from './readClaim.js'

/** A co-signer's settings. A co-signer relies only on its own sources. */
export type CosignerOptions = {
  readonly key: SigningKey.LazySigningKey
  readonly rpc: Rpc
  readonly file: SafeFile
  readonly rules: Rules
  /** The dangers that the owner's policy allows in a request. @default none */
  readonly readNamed?:
    | ((
        typedData: TypedData.TypedData,
        preimage?: Preimage,
      ) => Promise<readonly NamedDanger[]>)
    | undefined
  readonly proposerMayApprove: boolean
  /** Milliseconds since 1970. */
  readonly now: () => number
}

export type Approval = {
  readonly owner: Hex
  readonly review: Review
  /**
   * False if the owner had already signed, so that nothing was signed again.
   */
  readonly isNew: boolean
}

type Call = { readonly caller: string; readonly deadline?: number | undefined }

/**
 * Reviews a proposal independently. If the review finds no danger, signs it and
 * stores the signature, unless the proposal was closed in the meantime. At most
 * one call to the key service.
 *
 * @throws before anything is signed: ProposalNotFoundError,
 * ProposalClosedError, OwnProposalError, ProposalMismatchError, OtherSafeError,
 * SafeNonceError, ViewDiffersError, SafeChangedError, NotAnOwnerError,
 * DangerousTransactionError; ProposalClosedError also afterwards, in which case
 * the signature is discarded
 */
export async function approve(
  options: CosignerOptions,
  store: ProposalStore,
  safeTx: Hex,
  { caller, deadline }: Call,
): Promise<Approval> {
  const { key, now, proposerMayApprove } = options
  const { record, proposal } = await readOpen(store, safeTx, now(), deadline)
  if (record.proposer === caller && !proposerMayApprove)
    throw new OwnProposalError(safeTx, caller)
  const owner = (await key.getAddress({ deadline })).toLowerCase() as Hex
  const seen = await look(options, proposal, owner, deadline)
  assertSameView(seen.state, await store.readView({ deadline }))
  const before = await readSignatures(record, proposal)
  if (before.some((one) => one.owner === owner))
    return { owner, review: seen, isNew: false }
  const context = { caller }
  const signature = await cosign(known(key), seen, { deadline, context })
  const stored = { bytes: signature.bytes, by: caller, at: now() }
  const written = await store.addSignature(safeTx, owner, stored, { deadline })
  if (written !== undefined) return { owner, review: seen, isNew: true }
  // Another approval by this owner was faster, or the proposal was closed.
  const latest = await readOpen(store, safeTx, now(), deadline)
  const others = await readSignatures(latest.record, proposal)
  if (others.some((one) => one.owner === owner))
    return { owner, review: seen, isNew: false }
  throw new Proposal.BadConfirmationError(owner, undefined)
}

/**
 * Like {@link approve}, for a bundle from elsewhere. The only view to check
 * against is that of the owner's own node.
 *
 * @returns the bundle's proposal with the owner's signature
 * @throws OtherSafeError, SafeNonceError, SafeChangedError, NotAnOwnerError,
 * DangerousTransactionError
 */
export async function approveBundle(
  options: CosignerOptions,
  proposal: Proposal.Proposal,
  { caller, deadline }: Call,
): Promise<Approval & { readonly proposal: Proposal.Proposal }> {
  const address = await options.key.getAddress({ deadline })
  const owner = address.toLowerCase() as Hex
  const seen = await look(options, proposal, owner, deadline)
  if (proposal.signatures.some((one) => one.owner === owner))
    return { owner, review: seen, isNew: false, proposal }
  const context = { caller }
  const signature = await cosign(known(options.key), seen, {
    deadline,
    context,
  })
  const signed = Proposal.add(proposal, signature)
  return { owner, review: seen, isNew: true, proposal: signed }
}

/** Makes all checks that precede a signature; can be called on its own. */
export async function look(
  { rpc, file, rules, readNamed }: CosignerOptions,
  proposal: Proposal.Proposal,
  owner: Hex,
  deadline: number | undefined,
): Promise<Review> {
  assertSameSafe(file, proposal)
  const { domain, transaction } = proposal
  const { pins } = file
  const named = await readNamed?.(toTypedData(domain, transaction))
  const seen = await review(domain, transaction, {
    ...{ rpc, pins, rules: { ...rules, named }, deadline },
  })
  assertNonceUnused(transaction, seen.state)
  if (!seen.state.owners.includes(owner))
    throw new NotAnOwnerError(owner, domain.safe)
  return seen
}

/** The key's account, which is known because it was requested before. */
export const known = (key: SigningKey.LazySigningKey) =>
  key as SigningKey.SigningKey

/** @throws ProposalNotFoundError, ProposalClosedError */
async function readOpen(
  store: ProposalStore,
  safeTx: Hex,
  now: number,
  deadline: number | undefined,
): Promise<{ record: ProposalRecord; proposal: Proposal.Proposal }> {
  const record = await store.read(safeTx, { deadline })
  if (record === undefined) throw new ProposalNotFoundError(safeTx)
  const proposal = await readClaim(record)
  assertOpen(record, proposal, now)
  return { record, proposal }
}

/** @throws ProposalClosedError */
export function assertOpen(
  record: ProposalRecord,
  { transaction }: Pick<Proposal.Proposal, 'transaction'>,
  now: number,
): void {
  if (record.status === 'rejected' || record.expiresAt <= now)
    throw new ProposalClosedError(record, transaction.nonce)
}

/** @throws ViewDiffersError */
export function assertSameView(
  own: RecordedView,
  recorded: RecordedView | undefined,
): void {
  const sort = (owners: readonly Hex[]) => [...owners].sort().join()
  if (
    recorded === undefined ||
    recorded.nonce !== own.nonce ||
    recorded.threshold !== own.threshold ||
    sort(recorded.owners) !== sort(own.owners)
  )
    throw new ViewDiffersError(own, recorded)
}
