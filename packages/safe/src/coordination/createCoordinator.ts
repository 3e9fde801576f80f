import { BaseError, type Hex } from '@keyward/core'
import { assertSameSafe } from '../assertSameSafe.js'
import { prepareExecution } from '../execution/prepareExecution.js'
import { assertNonceUnused } from '../execution/SafeNonceError.js'
import * as Proposal from '../Proposal.js'
import { readStatus } from '../readStatus.js'
import * as SafeTransaction from '../SafeTransaction.js'
import { assertOpen } from './approve.js'
import { nextKey, readAttempts } from './attempts.js'
import type { Call, CoordinatorOptions } from './CoordinatorOptions.js'
import { type Described, describe } from './describe.js'
import {
  maxDataBytes,
  ProposalClosedError,
  ProposalNotFoundError,
  ProposalTooLargeError,
  RejectNotAllowedError,
} from './errors.js'
import { openProposals } from './openProposals.js'
import {
  isSigned,
  type NonceRange,
  type ProposalRecord,
} from './ProposalRecord.js'
import { readClaim, readSignatures } from './readClaim.js'

export type Coordinator = ReturnType<typeof createCoordinator>

/** How many used nonces `list` shows. */
const usedListed = 20n

/**
 * Stores proposals, and executes those that enough owners signed. It has no key
 * and decides nothing for the co-signers: each reviews for itself.
 */
export function createCoordinator(options: CoordinatorOptions) {
  const { rpc, file, store, relayer, rules, approvers, now } = options
  const { read, put, assertFew, isFinal, isEmptyCall, toEmptyCall } =
    openProposals(options)

  /**
   * Proposals at these nonces together with the chain's current state, which is
   * also stored.
   */
  async function look(range: NonceRange, deadline: number | undefined) {
    const records = await store.list(range, { deadline })
    const all = await Promise.all(records.map(readOrName))
    const read = all.filter((one) => typeof one === 'object')
    const executedBy = new Map(
      read.flatMap(({ record: { safeTx, executedBy } }) =>
        executedBy === undefined ? [] : [[safeTx, executedBy] as const],
      ),
    )
    const proposals = read.map(({ proposal }) => proposal)
    const status = await readStatus(rpc, file, proposals, {
      ...{ deadline, executedBy },
    })
    await store.writeView(status.state, { deadline })
    return {
      status,
      damaged: all.filter((one) => typeof one === 'string'),
      all: read.map((one, at) => {
        const state = status.proposals[at]
        if (state === undefined) throw new TypeError('No state.')
        return { ...one, state }
      }),
    }
  }

  async function tell(safeTx: Hex, { deadline }: Call): Promise<Described> {
    const { transaction } = await readClaim(await read(safeTx, deadline))
    const { nonce } = transaction
    const { status, all } = await look({ from: nonce, to: nonce }, deadline)
    const found = all.find(({ record }) => record.safeTx === safeTx)
    if (found === undefined) throw new ProposalNotFoundError(safeTx)
    const { record, state } = found
    const { end } = state
    const wasHandedOver =
      record.status === 'executing' || record.rejectedLate === true
    const attempts =
      wasHandedOver || end.kind === 'executed'
        ? await readAttempts(relayer, safeTx, { deadline })
        : []
    if (end.kind === 'executed' && record.executedBy !== end.transaction)
      await store.noteExecution(safeTx, end.transaction, { deadline })
    return describe(record, state, status.state, { now: now(), attempts })
  }

  return {
    /** The Safe, compared with its pins. */
    async status({ deadline }: Call) {
      const { state, changes } = await readStatus(rpc, file, [], { deadline })
      await store.writeView(state, { deadline })
      return { state, changes }
    },

    /**
     * The proposals at unused nonces, and at the nonces that were used last.
     */
    async list({ deadline }: Call) {
      const { nonce } = (await readStatus(rpc, file, [], { deadline })).state
      const from = nonce < usedListed ? 0n : nonce - usedListed
      const { status, all, damaged } = await look({ from }, deadline)
      const at = now()
      return {
        /** Hashes of rows that don't match their content. */
        damaged,
        proposals: all.map(({ record, state }) =>
          describe(record, state, status.state, { now: at }),
        ),
      }
    },

    get: tell,

    /**
     * Proposing the same transaction twice results in one proposal with two
     * proposers.
     *
     * @param given - If it has no nonce, it gets the Safe's next one.
     * @throws SafeNonceError; ProposalClosedError if the proposal was closed
     */
    async propose(
      given: Parameters<typeof toTransaction>[0],
      call: Call,
    ): Promise<Described> {
      const { deadline } = call
      const { state } = await readStatus(rpc, file, [], { deadline })
      const transaction = toTransaction(given, state.nonce)
      assertNonceUnused(transaction, state)
      const size = (transaction.data.length - 2) / 2
      if (size > maxDataBytes) throw new ProposalTooLargeError(size)
      const record = await put(transaction, call, () =>
        assertFew(transaction, state.nonce, call),
      )
      assertOpen(record, { transaction }, now())
      return tell(record.safeTx, call)
    },

    /** Imports signatures of owners whose co-signers are elsewhere. */
    async import(proposal: Proposal.Proposal, call: Call): Promise<Described> {
      assertSameSafe(file, proposal)
      const { transaction, signatures, safeTx } = proposal
      const { caller, deadline } = call
      const described = await this.propose(transaction, call)
      await store.noteShared(safeTx, now(), { deadline })
      const owners = [...described.signed, ...described.missing]
      for (const one of signatures) {
        if (one.kind === 'approved' || one.kind === 'contract') continue
        if (!owners.includes(one.owner)) continue
        const stored = { bytes: one.bytes, by: caller, at: now() }
        await store.addSignature(safeTx, one.owner, stored, { deadline })
      }
      return tell(safeTx, call)
    },

    /**
     * Exports a proposal for co-signers elsewhere. The bundle contains no
     * signatures.
     */
    async export(safeTx: Hex, { deadline }: Call): Promise<Proposal.Bundle> {
      const noted = await store.noteShared(safeTx, now(), { deadline })
      const record = noted ?? (await read(safeTx, deadline))
      const proposal = await readClaim(record)
      assertOpen(record, proposal, now())
      return Proposal.toBundle(proposal)
    },

    /**
     * Stops approvals and our execution. Existing signatures stay valid, so an
     * empty call with the same nonce is then proposed, with which the owners
     * can use up the nonce.
     *
     * An approver's rejection is final: the same transaction can't be proposed
     * again with its nonce. So only approvers, who could also refuse to sign,
     * may reject the empty call and proposals of others. A proposer's own
     * rejection doesn't bind other proposers.
     *
     * @throws ProposalNotFoundError, RejectNotAllowedError, SafeNonceError
     */
    async reject(
      safeTx: Hex,
      call: Call,
    ): Promise<{ rejected: Described; replacement: Described | undefined }> {
      const { caller, deadline } = call
      const before = await read(safeTx, deadline)
      const proposal = await readClaim(before)
      const { nonce } = proposal.transaction
      const isEmpty = isEmptyCall(proposal)
      const mayRejectAll = approvers.includes(caller)
      const { rejectedBy } = before
      const assertMay = (record: ProposalRecord) => {
        const { proposer, others = [] } = record
        const isAlone = [proposer, ...others].every((one) => one === caller)
        if (!mayRejectAll && (isEmpty || !isAlone))
          throw new RejectNotAllowedError(
            record,
            caller,
            isEmpty ? nonce : undefined,
          )
      }
      assertMay(before)
      const { state } = await readStatus(rpc, file, [], { deadline })
      assertNonceUnused(proposal.transaction, state)
      const written = await store.reject(safeTx, caller, now(), {
        ...{ deadline, asProposer: !mayRejectAll },
        // An approver's rejection makes a withdrawal, which others could undo,
        // final.
        instead: mayRejectAll && !isFinal(before) ? rejectedBy : undefined,
      })
      const record = written ?? (await read(safeTx, deadline))
      // Somebody joined, withdrew or reopened the proposal in between.
      const isDone = record.status === 'rejected'
      if (!isDone || (mayRejectAll && !isFinal(record))) {
        assertMay(record)
        return this.reject(safeTx, call)
      }
      // From here on, nobody can add a signature.
      const replacement =
        isSigned(record) && !isEmpty
          ? await put(toEmptyCall(nonce), call)
          : undefined
      return {
        rejected: await tell(safeTx, call),
        replacement: replacement && (await tell(replacement.safeTx, call)),
      }
    },

    /**
     * Sends the execution to the relayer once; repeated calls return the
     * progress. An execution that reverted or was never mined is simulated and
     * sent again, at most three attempts in all.
     *
     * @throws ProposalNotFoundError, ProposalClosedError, SafeNonceError,
     * RelayerIsOwnerError, SignaturesError, SafeChangedError,
     * DangerousTransactionError, and the relayer's errors
     */
    async execute(safeTx: Hex, call: Call): Promise<Described> {
      const { deadline } = call
      const record = await read(safeTx, deadline)
      const proposal = await readClaim(record)
      const { end } = await tell(safeTx, call)
      if (end === 'mined' || end === 'failed') return tell(safeTx, call)
      assertOpen(record, proposal, now())
      const signatures = await readSignatures(record, proposal)
      const executable = await prepareExecution({
        ...{ rpc, file, rules, deadline },
        proposal: { ...proposal, signatures },
        relayer: await relayer.address({ deadline }),
      })
      if ('outcome' in executable) return tell(safeTx, call)
      const attempts = await readAttempts(relayer, safeTx, { deadline })
      const idempotencyKey = nextKey(safeTx, attempts)
      if (idempotencyKey === undefined) return tell(safeTx, call)
      const begun = await store.beginExecution(safeTx, now(), { deadline })
      if (begun === undefined)
        throw new ProposalClosedError(
          await read(safeTx, deadline),
          proposal.transaction.nonce,
        )
      const { data } = executable
      const to = file.domain.safe
      const request = { idempotencyKey, to, data }
      await relayer.send(request, { deadline })
      return tell(safeTx, call)
    },
  }
}

/** @returns only the hash if the row doesn't match its content */
async function readOrName(record: ProposalRecord) {
  try {
    const proposal = await readClaim(record)
    const signatures = await readSignatures(record, proposal)
    return { record, proposal: { ...proposal, signatures } }
  } catch (error) {
    if (error instanceof BaseError) return record.safeTx
    throw error
  }
}

type Given = Pick<SafeTransaction.SafeTransaction, 'to'> &
  Partial<SafeTransaction.SafeTransaction>

function toTransaction(given: Given, next: bigint) {
  return SafeTransaction.create({ ...given, nonce: given.nonce ?? next })
}
