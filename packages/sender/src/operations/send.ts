import { BaseError } from '@keyward/core'
import type { TransactionRecord } from '../ledger/TransactionRecord.js'
import * as SendRequest from '../request/SendRequest.js'
import { advance } from '../transaction/advance.js'
import { assertAuthorized } from '../transaction/assertAuthorized.js'
import { assertCreation } from '../transaction/assertCreation.js'
import { assertNotRepeat } from '../transaction/assertNotRepeat.js'
import { assertSize } from '../transaction/assertSize.js'
import { toProblem } from '../transaction/broadcast.js'
import type { Context } from '../transaction/Context.js'
import { isRefusal, type Prepared, prepare } from '../transaction/prepare.js'
import { type SendAnswer, toSendAnswer } from './Answer.js'
import { assertSame } from './assertions.js'
import type { Call } from './Call.js'
import { check } from './get.js'

/**
 * How long a repeated request waits for the first process before taking over.
 */
const takeOverAfterMs = 5000
/** Maximum time for the last write before the answer. */
const reserveMs = 100
/** The ledger's share of the time if no node answers. */
const ledgerShare = 0.25
const ledgerMs = 2000

/** Sends a request once, however often it is called. */
export async function send(
  context: Context,
  given: SendRequest.SendRequest,
  { caller, deadline }: Call,
): Promise<SendAnswer> {
  const { ledger, account, runtime } = context
  SendRequest.assertValid(given)
  // Changes that the program makes while this waits must not be signed.
  const request = SendRequest.copy(given)
  assertSize(request)
  assertCreation(request, context.allowCreation)
  const requestHash = SendRequest.hash(request, account)
  const id = SendRequest.transactionId(caller, request.idempotencyKey)
  const askedAt = runtime.now()
  const leftMs = Math.max(0, deadline - askedAt)
  const nodeMs = Math.max(reserveMs, Math.min(ledgerMs, leftMs * ledgerShare))
  const [prepared, complete] = await Promise.all([
    prepare(context, request, deadline - nodeMs)
      .then(async (ready) => {
        const by = { caller, deadline: deadline - nodeMs }
        await assertAuthorized(context, request, ready, by)
        return ready
      })
      .catch(toFailure),
    assertNotRepeat(context, { request, createdAt: askedAt }, deadline - nodeMs)
      .then(() => undefined)
      .catch(toFailure),
  ])
  const refusal = [complete, prepared].find(isRefused)
  if (refusal !== undefined) {
    const { error } = refusal
    // A request that would be refused now may have been sent earlier.
    const existing = await ledger.getTransaction(id, { deadline })
    if (existing === undefined) throw error
    assertSame(existing, request, requestHash)
    // Nothing is signed on an incomplete ledger.
    if (refusal === complete) return toKnown(context, existing, deadline)
    return join(context, existing, deadline)
  }
  const { created, transaction } = await ledger.accept(
    { id, caller, request, requestHash, account, createdAt: runtime.now() },
    { deadline },
  )
  if (!created) {
    assertSame(transaction, request, requestHash)
    return join(context, transaction, deadline)
  }
  // If the node can't be asked now, the reconciler asks later.
  const failure = [prepared, complete].find((one) => one instanceof Failure)
  if (failure !== undefined) {
    const problem = toProblem(failure.error)
    await ledger.noteProblem(id, problem, { deadline }).catch(() => {})
    return toSendAnswer({ ...transaction, problem })
  }
  return goOn(context, transaction, deadline, prepared as Prepared)
}

/** Handles a repeated request. Usually, the first one is still running. */
async function join(
  context: Context,
  given: TransactionRecord,
  deadline: number,
): Promise<SendAnswer> {
  const { ledger, runtime } = context
  let transaction = given
  const patience = Math.min(deadline, given.createdAt + takeOverAfterMs)
  for (let waitMs = 20; isUnderWay(transaction); waitMs *= 1.5) {
    if (runtime.now() + waitMs >= patience) break
    await runtime.sleep(Math.min(waitMs, 500))
    transaction =
      (await ledger.getTransaction(given.id, { deadline })) ?? transaction
  }
  if (!isUnderWay(transaction)) return toKnown(context, transaction, deadline)
  if (runtime.now() >= deadline) return toSendAnswer(transaction)
  return goOn(context, transaction, deadline)
}

/** Reports other processes' work as `get` does. */
async function toKnown(
  context: Context,
  transaction: TransactionRecord,
  deadline: number,
): Promise<SendAnswer> {
  const known = await check(context, transaction, deadline)
  const { transactionId, hash, nonce, status, problem, reason } = known
  const told = { transactionId, hash, nonce, status, problem, reason }
  const { rollupFee, attempts } = known
  const cancel = attempts.findLast(({ purpose }) => purpose === 'cancel')
  return {
    ...told,
    ...(rollupFee === undefined ? {} : { rollupFee }),
    cancelHash: status === 'mined' ? undefined : cancel?.hash,
  }
}

/** Continues until the deadline, then returns the progress. */
async function goOn(
  context: Context,
  transaction: TransactionRecord,
  deadline: number,
  prepared?: Prepared,
): Promise<SendAnswer> {
  const { ledger, runtime } = context
  let latest = transaction
  const timer = new AbortController()
  const work = advance(context, transaction, {
    prepared,
    deadline,
    progress: (step) => {
      latest = step
    },
  }).catch(async (error: unknown) => {
    const problem = toProblem(error)
    // A frozen function resumes much later and then fails for that reason.
    if (runtime.now() >= deadline) return { ...latest, problem }
    await ledger
      .noteProblem(transaction.id, problem, { deadline: runtime.now() + 1000 })
      .catch(() => {})
    return { ...latest, problem }
  })
  const late = runtime
    .sleep(Math.max(0, deadline - runtime.now()), timer.signal)
    .then(() => latest)
    .catch(() => latest)
  const answer = await Promise.race([work, late])
  // Without a reason, each abort creates an error with a stack.
  timer.abort(null)
  return toSendAnswer(answer, undefined, prepared?.beside)
}

/** An error that does not always end the request. */
class Failure {
  readonly error: unknown
  constructor(error: unknown) {
    this.error = error
  }
}

/** Rethrows internal faults, so that no request is accepted because of one. */
function toFailure(error: unknown): Failure {
  if (error instanceof BaseError) return new Failure(error)
  throw error
}

/**
 * Whether this is a refusal. If only the node is unavailable, the request is
 * accepted and sent later.
 */
function isRefused(
  outcome: Prepared | Failure | undefined,
): outcome is Failure {
  if (!(outcome instanceof Failure)) return false
  const { error } = outcome
  return isRefusal(error) || isOfLedger(error)
}

/**
 * Whether the ledger refused or couldn't be asked, in which case nothing can be
 * recorded either.
 */
function isOfLedger(error: unknown): boolean {
  return error instanceof BaseError && error.code.startsWith('ledger-')
}

function isUnderWay({ status, final }: TransactionRecord): boolean {
  return !final && ['accepted', 'reserved', 'signed'].includes(status)
}
