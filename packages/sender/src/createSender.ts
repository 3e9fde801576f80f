import { setTimeout as sleep } from 'node:timers/promises'
import { BaseError } from '@keyward/core'
import {
  type GetAnswer,
  type ListAnswer,
  type SendAnswer,
  toCancelAnswer,
  toGetAnswer,
  toListItem,
  toSendAnswer,
} from './Answer.js'
import {
  assertAccount,
  assertCreation,
  assertPending,
  assertSame,
  assertWanted,
} from './assertions.js'
import { TransactionNotFoundError, TransactionStateError } from './errors.js'
import type { NonceRecord } from './ledger/NonceRecord.js'
import type { TransactionRecord } from './ledger/TransactionRecord.js'
import type { ListRequest, Reference, SpeedUp } from './request/Operation.js'
import * as SendRequest from './request/SendRequest.js'
import { advance } from './transaction/advance.js'
import { assertReplaceable } from './transaction/assertReplaceable.js'
import { toProblem } from './transaction/broadcast.js'
import * as Context from './transaction/Context.js'
import { cancelUnsigned } from './transaction/cancelUnsigned.js'
import { isRefusal, type Prepared, prepare } from './transaction/prepare.js'
import { replace } from './transaction/replace.js'

export type SenderOptions = Context.ContextOptions & {
  /** Whether requests may create contracts. @default false */
  allowCreation?: boolean | undefined
}

/** Who asks, and how long that one waits. */
export type CallOptions = {
  /**
   * Idempotency keys and transactions belong to their caller. Take it from what
   * proves it, never from the request. @default library
   */
  caller?: string | undefined
  /** Milliseconds since 1970. @default in 30 seconds */
  deadline?: number | undefined
}

export type Sender = {
  /**
   * Sends a request once, however often it is asked to: the same idempotency
   * key with the same request answers the same transaction.
   *
   * Answers by the deadline with how far it came; what was accepted goes on
   * with the reconciler.
   *
   * @throws IdempotencyConflictError for a key that stands for another
   * request; before anything is accepted: WouldFailError,
   * InsufficientFundsError, FeeCapError, RequestExpiredError
   */
  send(
    request: SendRequest.SendRequest,
    options?: CallOptions,
  ): Promise<SendAnswer>
  /** @throws TransactionNotFoundError */
  get(reference: Reference, options?: CallOptions): Promise<GetAnswer>
  /** The caller's own, newest first. */
  list(request?: ListRequest, options?: CallOptions): Promise<ListAnswer>
  /**
   * Replaces what is signed by the same at higher fees.
   *
   * @throws TransactionNotFoundError, TransactionStateError, FeeCapError,
   * InsufficientFundsError
   */
  speedUp(
    reference: Reference,
    speedUp?: SpeedUp,
    options?: CallOptions,
  ): Promise<SendAnswer>
  /**
   * Stops what is not signed; replaces what is by a transfer of nothing to
   * oneself. Which of the two is mined, `get` tells.
   *
   * @throws TransactionNotFoundError, TransactionStateError; FeeCapError or
   * InsufficientFundsError while it cannot be paid, and is noted all the same
   */
  cancel(reference: Reference, options?: CallOptions): Promise<SendAnswer>
}

/** How long a repetition waits for the process that was first. */
const takeOverAfterMs = 5000
const defaultWaitMs = 30_000
/** What the last write takes, at most, before the answer. */
const reserveMs = 100
/** Of the time there is, what the ledger has when no node answers. */
const ledgerShare = 0.25
const ledgerMs = 2000

/**
 * A sender on a ledger. Any number of them, in any number of processes, may
 * send from one key. Cost of one transaction: one `kms:Sign`, six small writes,
 * and two calls to the node and now and then more; docs/ledger.md has the permissions.
 *
 * @example
 * const sender = createSender({ key, ledger, rpc })
 * await sender.send(SendRequest.fromEvent(event, { chainId: 1 }))
 */
export function createSender(options: SenderOptions): Sender {
  const open = Context.open(options)
  const { ledger } = options

  async function find(
    reference: Reference,
    caller: string,
    deadline: number,
  ): Promise<TransactionRecord> {
    const id =
      'transactionId' in reference
        ? reference.transactionId
        : SendRequest.transactionId(caller, reference.idempotencyKey)
    const found = await ledger.getTransaction(id, { deadline })
    // Of others' transactions not even the existence is told.
    if (found === undefined || found.caller !== caller)
      throw new TransactionNotFoundError(reference)
    return found
  }

  async function findRow(
    transaction: TransactionRecord,
    deadline: number,
  ): Promise<NonceRecord | undefined> {
    const { account, nonce, id } = transaction
    if (nonce === undefined) return undefined
    const row = await ledger.getNonce(account, nonce, { deadline })
    return row?.owner === id ? row : undefined
  }

  return {
    async send(request, callOptions) {
      const { caller, deadline } = read(callOptions)
      const context = await open()
      SendRequest.assertValid(request)
      assertCreation(request, options.allowCreation)
      const requestHash = SendRequest.hash(request, context.account)
      const id = SendRequest.transactionId(caller, request.idempotencyKey)
      const leftMs = Math.max(0, deadline - Date.now())
      const prepared = await prepare(
        context,
        request,
        deadline -
          Math.max(reserveMs, Math.min(ledgerMs, leftMs * ledgerShare)),
      ).catch((error: unknown) => new Failure(error))
      // A fault of our own is no reason to accept anything.
      if (prepared instanceof Failure && !(prepared.error instanceof BaseError))
        throw prepared.error
      if (prepared instanceof Failure && isRefusal(prepared.error)) {
        // What would be refused by now may have been sent when it was not.
        const existing = await ledger.getTransaction(id, { deadline })
        if (existing === undefined) throw prepared.error
        assertSame(existing, requestHash)
        return join(context, existing, deadline)
      }
      const { created, transaction } = await ledger.accept(
        {
          id,
          caller,
          request,
          requestHash,
          account: context.account,
          createdAt: Date.now(),
        },
        { deadline },
      )
      if (!created) {
        assertSame(transaction, requestHash)
        return join(context, transaction, deadline)
      }
      // What the node can't be asked now, the reconciler asks later.
      if (prepared instanceof Failure) {
        const problem = toProblem(prepared.error)
        await ledger.noteProblem(id, problem, { deadline }).catch(() => {})
        return toSendAnswer({ ...transaction, problem })
      }
      return goOn(context, transaction, deadline, prepared)
    },

    async get(reference, callOptions) {
      const { caller, deadline } = read(callOptions)
      const transaction = await find(reference, caller, deadline)
      const row = await findRow(transaction, deadline)
      return toGetAnswer(transaction, row?.attempts ?? [])
    },

    async list(request = {}, callOptions) {
      const { caller, deadline } = read(callOptions)
      const { account } = await open()
      const [createdAt, id] = request.after?.split('-') ?? []
      const { transactions, after } = await ledger.listByCaller(
        account,
        caller,
        {
          deadline,
          limit: request.limit ?? 20,
          ...(id === undefined
            ? {}
            : { after: { id, createdAt: Number(createdAt) } }),
        },
      )
      const last = transactions.at(-1)
      return {
        transactions: transactions
          .filter(({ status }) => status === (request.status ?? status))
          .map(toListItem),
        next:
          after === undefined || last === undefined
            ? null
            : `${last.createdAt}-${last.id}`,
      }
    },

    async speedUp(reference, speedUp = {}, callOptions) {
      const { caller, deadline } = read(callOptions)
      const context = await open()
      const transaction = await find(reference, caller, deadline)
      assertAccount(transaction, context, reference)
      assertPending(transaction)
      const row = await findRow(transaction, deadline)
      if (row === undefined || row.attempts.length === 0)
        throw new TransactionStateError(
          transaction,
          'nothing is signed yet; it will be sent at the fees of that moment',
        )
      assertWanted(transaction, row)
      await assertReplaceable(context, transaction, row, deadline)
      const cap = speedUp.maxFeePerGas ?? transaction.request.maxFeePerGas
      const replacement = await replace(context, row, {
        owner: transaction.id,
        purpose: 'request',
        request: transaction.request,
        pricing: {
          speed: speedUp.speed ?? 'fast',
          ...(cap === undefined ? {} : { maxFeePerGas: cap }),
        },
        deadline,
      })
      // A cancel was faster: its hash is not that of the request.
      if (replacement?.attempt.purpose !== 'request')
        return toSendAnswer(await find(reference, caller, deadline))
      const { attempt, outcome } = replacement
      // What no node has taken stands behind what one has.
      const written = outcome.sent
        ? await ledger.advanceStatus(transaction.id, 'sent', attempt.hash, {
            deadline,
          })
        : await ledger.noteProblem(transaction.id, outcome.problem, {
            deadline,
          })
      return toSendAnswer(written ?? (await find(reference, caller, deadline)))
    },

    async cancel(reference, callOptions) {
      const { caller, deadline } = read(callOptions)
      const context = await open()
      const before = await find(reference, caller, deadline)
      assertAccount(before, context, reference)
      assertPending(before)
      const signed = await findRow(before, deadline)
      if (signed !== undefined && signed.attempts.length > 0)
        await assertReplaceable(context, before, signed, deadline)
      // From here on it gets no nonce, and the reconciler knows.
      await ledger.requestCancel(before.id, { deadline })
      const transaction = await find(reference, caller, deadline)
      const ended = await cancelUnsigned(context, transaction, deadline)
      if (ended !== undefined) return toSendAnswer(ended)
      const row = await findRow(transaction, deadline)
      const newest = row?.attempts.at(-1)
      if (row === undefined || newest?.purpose === 'cancel')
        return toCancelAnswer(await find(reference, caller, deadline), newest)
      const replacement = await replace(context, row, {
        owner: transaction.id,
        purpose: 'cancel',
        pricing: { speed: 'fast' },
        deadline,
      })
      const problem =
        replacement === undefined || replacement.outcome.sent
          ? undefined
          : replacement.outcome.problem
      return toCancelAnswer(
        { ...(await find(reference, caller, deadline)), problem },
        replacement?.attempt,
      )
    },
  }

  /** A repetition: most often the first one is still at work. */
  async function join(
    context: Context.Context,
    given: TransactionRecord,
    deadline: number,
  ): Promise<SendAnswer> {
    let transaction = given
    const patience = Math.min(deadline, given.createdAt + takeOverAfterMs)
    for (let waitMs = 20; isUnderWay(transaction); waitMs *= 1.5) {
      if (Date.now() + waitMs >= patience) break
      await sleep(Math.min(waitMs, 500))
      transaction =
        (await ledger.getTransaction(given.id, { deadline })) ?? transaction
    }
    if (!isUnderWay(transaction) || Date.now() >= deadline)
      return toSendAnswer(transaction)
    return goOn(context, transaction, deadline)
  }

  /** Goes on until the deadline, then answers how far it came. */
  async function goOn(
    context: Context.Context,
    transaction: TransactionRecord,
    deadline: number,
    prepared?: Prepared,
  ): Promise<SendAnswer> {
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
      // A function that was frozen wakes up much later, and fails for that.
      if (Date.now() >= deadline) return { ...latest, problem }
      await ledger
        .noteProblem(transaction.id, problem, { deadline: Date.now() + 1000 })
        .catch(() => {})
      return { ...latest, problem }
    })
    const late = sleep(Math.max(0, deadline - Date.now()), undefined, {
      signal: timer.signal,
    })
      .then(() => latest)
      .catch(() => latest)
    const answer = await Promise.race([work, late])
    timer.abort()
    return toSendAnswer(answer)
  }
}

/** An error that may not matter. */
class Failure {
  readonly error: unknown
  constructor(error: unknown) {
    this.error = error
  }
}

function read({ caller = 'library', deadline }: CallOptions = {}) {
  return { caller, deadline: deadline ?? Date.now() + defaultWaitMs }
}

function isUnderWay({ status, final }: TransactionRecord): boolean {
  return !final && ['accepted', 'reserved', 'signed'].includes(status)
}
