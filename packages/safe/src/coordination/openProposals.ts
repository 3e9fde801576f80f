import type { Hex } from '@keyward/core'
import * as Proposal from '../Proposal.js'
import * as SafeTransaction from '../SafeTransaction.js'
import type { Call, CoordinatorOptions } from './CoordinatorOptions.js'
import { ProposalNotFoundError, TooManyProposalsError } from './errors.js'
import { isSigned, type ProposalRecord } from './ProposalRecord.js'

/** The most proposals by one proposer at one nonce. */
const maxAtNonce = 20
/** The most proposals by one proposer at all unused nonces. */
const maxUnused = 100
/** Keeps track of each proposal's proposers. */
export function openProposals({
  file,
  store,
  approvers,
  lifetimeMs,
  now,
}: Pick<
  CoordinatorOptions,
  'file' | 'store' | 'approvers' | 'lifetimeMs' | 'now'
>) {
  /** @param check - Throws if the caller may not have another entry. */
  async function put(
    transaction: SafeTransaction.SafeTransaction,
    { caller, deadline }: Call,
    check = async () => {},
  ): Promise<ProposalRecord> {
    const proposal = Proposal.create(file.domain, transaction)
    const { safeTx } = proposal
    const record: ProposalRecord = {
      ...{ safeTx, bundle: Proposal.toBundle(proposal), proposer: caller },
      ...{ createdAt: now(), expiresAt: now() + lifetimeMs, status: 'open' },
      signatures: {},
    }
    const { nonce } = transaction
    await check()
    await store.createEntry({ safeTx, nonce, proposer: caller }, { deadline })
    // The caller may have created other entries at the same time.
    await check()
    if (await store.create(record, { deadline })) return record
    const existing = await read(safeTx, deadline)
    return (
      (await join(existing, proposal, caller, deadline)) ??
      (await read(safeTx, deadline))
    )
  }

  /**
   * Refuses a proposal if the caller has too many. Anyone who looks at a nonce
   * reads all of its proposals, so one proposer must not be able to fill it.
   * Closed proposals count too.
   *
   * @throws TooManyProposalsError
   */
  async function assertFew(
    transaction: SafeTransaction.SafeTransaction,
    next: bigint,
    { caller, deadline }: Call,
  ): Promise<void> {
    const { safeTx } = Proposal.create(file.domain, transaction)
    const entries = await store.listEntries({ from: next }, { deadline })
    const isKnown = entries.some((one) => one.safeTx === safeTx)
    // An entry alone proves nothing: its proposal may have been refused.
    if (isKnown && (await store.read(safeTx, { deadline })) !== undefined)
      return
    const own = entries.filter(
      (one) => one.proposer === caller && one.safeTx !== safeTx,
    )
    const { nonce } = transaction
    const here = own.filter((one) => one.nonce === nonce).length
    if (here >= maxAtNonce)
      throw new TooManyProposalsError(caller, here, maxAtNonce, nonce)
    if (own.length >= maxUnused)
      throw new TooManyProposalsError(caller, own.length, maxUnused)
  }

  async function read(
    safeTx: Hex,
    deadline: number | undefined,
  ): Promise<ProposalRecord> {
    const record = await store.read(safeTx, { deadline })
    if (record === undefined) throw new ProposalNotFoundError(safeTx)
    return record
  }

  /**
   * Makes the caller a proposer of an existing proposal. A withdrawn proposal
   * is reopened for other proposers. A proposal that expired without signatures
   * is reopened for everyone, and so is an empty call, because the owners may
   * need it to use up the nonce.
   *
   * @returns undefined if nothing changed
   */
  async function join(
    existing: ProposalRecord,
    proposal: Proposal.Proposal,
    caller: string,
    deadline: number | undefined,
  ): Promise<ProposalRecord | undefined> {
    const { status, rejectedBy, proposer, others = [] } = existing
    const isRejected = status === 'rejected'
    const isOver = isRejected || existing.expiresAt <= now()
    const isWithdrawn =
      isRejected && !isFinal(existing) && rejectedBy !== caller
    const isEmpty = isEmptyCall(proposal)
    const isUnused = isOver && status === 'open' && !isSigned(existing)
    if (isWithdrawn || isUnused || (isOver && isEmpty)) {
      // Signatures of a payment don't get more time than they had.
      const isKept = isSigned(existing) && !isEmpty
      const expiresAt = isKept ? existing.expiresAt : now() + lifetimeMs
      const set = { proposer: caller, expiresAt }
      return store.reopen(existing, set, { deadline })
    }
    if (isOver || [proposer, ...others].includes(caller)) return undefined
    return store.addProposer(existing.safeTx, caller, { deadline })
  }

  /**
   * Whether an approver rejected the proposal. Other callers can only withdraw
   * theirs.
   */
  const isFinal = ({ rejectedBy = '' }: ProposalRecord) =>
    approvers.includes(rejectedBy)

  /** The call with which the owners use up a nonce. */
  const toEmptyCall = (nonce: bigint) =>
    SafeTransaction.create({ to: file.domain.safe, nonce })

  const isEmptyCall = ({ safeTx, transaction }: Proposal.Proposal) =>
    Proposal.create(file.domain, toEmptyCall(transaction.nonce)).safeTx ===
    safeTx

  return { read, put, assertFew, isFinal, isEmptyCall, toEmptyCall }
}
