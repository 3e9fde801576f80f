import * as Attempt from '../ledger/Attempt.js'
import { LedgerItemError } from '../ledger/errors.js'
import type { Account, TransactionRecord } from '../ledger/TransactionRecord.js'
import { assertCreation } from './assertCreation.js'
import { assertNotRepeat } from './assertNotRepeat.js'
import { broadcast } from './broadcast.js'
import type { Context } from './Context.js'
import { assertInTime, type Prepared, prepare } from './prepare.js'
import { signAttempt } from './signAttempt.js'

export type AdvanceOptions = {
  prepared?: Prepared | undefined
  deadline: number
  /**
   * Called after each step, because the last one may outlast the caller's
   * deadline.
   */
  progress?: (transaction: TransactionRecord) => void
}

/**
 * Takes an accepted transaction as far as possible: nonce, signature, network.
 * Each step is recorded before the next begins, and a step that another process
 * has done is not repeated. So it may be called from anywhere, at any time, for
 * any transaction that is not final.
 *
 * @returns the final state of the record
 * @throws errors of KMS, the ledger or the RPC client, and refusals of
 * `prepare` if nothing is signed yet
 */
export async function advance(
  context: Context,
  given: TransactionRecord,
  options: AdvanceOptions,
): Promise<TransactionRecord> {
  const { ledger } = context
  const { deadline, progress } = options
  let transaction = given
  assertAccount(given, context.account)
  let fresh = false
  let { prepared } = options
  if (transaction.nonce === undefined) {
    // A refused request never gets a nonce.
    assertCreation(transaction.request, context.allowCreation)
    await assertNotRepeat(context, transaction, deadline)
    prepared ??= await prepare(context, transaction.request, deadline)
    const bound = await bindNonce(context, transaction, deadline)
    fresh = bound.fresh
    transaction = bound.transaction
    progress?.(transaction)
  }
  const { nonce, id, claim } = transaction
  // The reconciler handles how a cancel ends.
  const isOver = transaction.final || transaction.cancelRequested
  if (nonce === undefined || isOver) return transaction
  const row = fresh
    ? undefined
    : await ledger.getNonce(context.account, nonce, { deadline })
  if (row?.damage !== undefined) throw row.damage
  const isOurs = fresh || (row?.owner === id && row.claim === claim)
  const stored = row?.attempts.at(-1)
  // The ledger may have been repaired since the transaction got its nonce.
  if (isOurs && !fresh && stored === undefined)
    await assertNotRepeat(context, transaction, deadline)
  const attempt = isOurs
    ? (stored ??
      (await signFirst(context, transaction, nonce, { deadline, prepared })))
    : undefined
  // The nonce was taken away in the meantime; the transaction's row says why.
  if (
    attempt === undefined ||
    attempt.purpose !== 'request' ||
    !Attempt.isOf(attempt, transaction.request)
  )
    return (await ledger.getTransaction(id, { deadline })) ?? transaction
  progress?.({ ...transaction, status: 'signed', hash: attempt.hash })
  // The transaction was signed in time, but perhaps nobody has seen it, so a
  // cancel replaces it.
  assertInTime(transaction.request, context.runtime)
  const outcome = await broadcast(context, attempt, deadline)
  const status = outcome.sent ? 'sent' : 'signed'
  const problem = outcome.sent ? undefined : outcome.problem
  progress?.({ ...transaction, status, hash: attempt.hash, problem })
  const written = await ledger.advanceStatus(id, status, attempt.hash, {
    deadline,
  })
  if (problem !== undefined) await ledger.noteProblem(id, problem, { deadline })
  const latest = written ?? (await ledger.getTransaction(id, { deadline }))
  return { ...(latest ?? transaction), problem }
}

/** @throws LedgerItemError if another account or chain should pay */
function assertAccount(
  { id, account }: TransactionRecord,
  { chainId, address }: Account,
): void {
  if (account.chainId === chainId && account.address === address) return
  throw new LedgerItemError(
    `transaction ${id}`,
    `it belongs to ${account.address} on chain ${account.chainId}`,
  )
}

async function bindNonce(
  context: Context,
  transaction: TransactionRecord,
  deadline: number,
): Promise<{ transaction: TransactionRecord; fresh: boolean }> {
  const { ledger, allocator } = context
  const { id } = transaction
  const { nonce, claim } = await allocator.allocate(id, deadline)
  const bound = await ledger.bind(id, nonce, claim, { deadline })
  if (bound !== undefined) return { transaction: bound, fresh: true }
  // Another process was first, or the transaction was cancelled.
  await allocator.giveBack(nonce, { owner: id, claim }, deadline)
  const latest = await ledger.getTransaction(id, { deadline })
  return { transaction: latest ?? transaction, fresh: false }
}

async function signFirst(
  context: Context,
  transaction: TransactionRecord,
  nonce: bigint,
  options: AdvanceOptions,
): Promise<Attempt.Attempt | undefined> {
  const { deadline } = options
  const { id, request, claim } = transaction
  assertCreation(request, context.allowCreation)
  const { gas, fees } =
    options.prepared ?? (await prepare(context, request, deadline))
  const signed = await signAttempt(context, {
    index: 0,
    purpose: 'request',
    request,
    nonce,
    gas,
    fees,
    transaction,
    deadline,
  })
  const { ledger, account } = context
  const by = { owner: id, claim }
  return ledger.storeAttempt(account, nonce, by, signed, { deadline })
}
