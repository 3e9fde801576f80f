import type { Attempt } from '../ledger/NonceRecord.js'
import type { TransactionRecord } from '../ledger/TransactionRecord.js'
import { broadcast } from './broadcast.js'
import type { Context } from './Context.js'
import { assertInTime, type Prepared, prepare } from './prepare.js'
import { signAttempt } from './signAttempt.js'

export type AdvanceOptions = {
  prepared?: Prepared | undefined
  deadline: number
  /** Hears of each step, as the last one may outlast the caller's patience. */
  progress?: (transaction: TransactionRecord) => void
}

/**
 * Takes an accepted transaction as far as it goes: a nonce, a signature, the
 * network. Each step is written down before the next one begins, and a step
 * that another process has done is not done again, so that it may be called
 * from anywhere, at any time, for any transaction that is not final.
 *
 * @returns what is known at the end
 * @throws what KMS, the ledger or the RPC client throw, and refusals of
 * `prepare` when nothing is signed yet
 */
export async function advance(
  context: Context,
  given: TransactionRecord,
  options: AdvanceOptions,
): Promise<TransactionRecord> {
  const { ledger } = context
  const { deadline, progress } = options
  let transaction = given
  let fresh = false
  let { prepared } = options
  if (transaction.nonce === undefined) {
    // What is refused gets no nonce.
    prepared ??= await prepare(context, transaction.request, deadline)
    const bound = await bindNonce(context, transaction, deadline)
    fresh = bound.fresh
    transaction = bound.transaction
    progress?.(transaction)
  }
  const { nonce, id } = transaction
  // How a cancel ends, the reconciler sees to.
  const isOver = transaction.final || transaction.cancelRequested
  if (nonce === undefined || isOver) return transaction
  const row = fresh
    ? undefined
    : await ledger.getNonce(context.account, nonce, { deadline })
  const ours = fresh || row?.owner === id
  const attempt = ours
    ? (row?.attempts.at(-1) ??
      (await signFirst(context, transaction, nonce, { deadline, prepared })))
    : undefined
  // Taken away in the meantime: the transaction's row says why.
  if (attempt === undefined || attempt.purpose !== 'request')
    return (await ledger.getTransaction(id, { deadline })) ?? transaction
  progress?.({ ...transaction, status: 'signed', hash: attempt.hash })
  // It was signed in time, and nobody may have seen it: a cancel takes its place.
  assertInTime(transaction.request)
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

async function bindNonce(
  context: Context,
  transaction: TransactionRecord,
  deadline: number,
): Promise<{ transaction: TransactionRecord; fresh: boolean }> {
  const { ledger, allocator } = context
  const { id } = transaction
  const nonce = await allocator.allocate(id, deadline)
  const bound = await ledger.bind(id, nonce, { deadline })
  if (bound !== undefined) return { transaction: bound, fresh: true }
  // Another process was first, or it was cancelled.
  await allocator.giveBack(nonce, id, deadline)
  const latest = await ledger.getTransaction(id, { deadline })
  return { transaction: latest ?? transaction, fresh: false }
}

async function signFirst(
  context: Context,
  { id, request }: TransactionRecord,
  nonce: bigint,
  options: AdvanceOptions,
): Promise<Attempt | undefined> {
  const { deadline } = options
  const { gas, fees } =
    options.prepared ?? (await prepare(context, request, deadline))
  const signed = await signAttempt(context, {
    index: 0,
    purpose: 'request',
    request,
    nonce,
    gas,
    fees,
  })
  return context.ledger.storeAttempt(context.account, nonce, id, signed, {
    deadline,
  })
}
