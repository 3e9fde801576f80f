import { systemRuntime } from '@keyward/core/rpc'
import type { GetAnswer, ListAnswer, SendAnswer } from './operations/Answer.js'
import type {
  Call,
  CallOptions,
  ListRequest,
  Reference,
  SpeedUp,
} from './operations/Call.js'
import { cancel } from './operations/cancel.js'
import { get } from './operations/get.js'
import { list } from './operations/list.js'
import { send } from './operations/send.js'
import { speedUp } from './operations/speedUp.js'
import type { SendRequest } from './request/SendRequest.js'
import * as Context from './transaction/Context.js'

export type SenderOptions = Context.ContextOptions

export type Sender = {
  /**
   * Sends a request once, however often it is called: the same idempotency key
   * with the same request returns the same transaction.
   *
   * Returns by the deadline with the progress so far; the reconciler continues
   * with accepted requests.
   *
   * @throws IdempotencyConflictError if the key belongs to another request;
   * before anything is accepted: LedgerIncompleteError, PossibleRepeatError,
   * WouldFailError, GasLimitError, InsufficientFundsError, FeeCapError,
   * RequestExpiredError
   */
  send(request: SendRequest, options?: CallOptions): Promise<SendAnswer>
  /** @throws TransactionNotFoundError */
  get(reference: Reference, options?: CallOptions): Promise<GetAnswer>
  /** The caller's own transactions, newest first. */
  list(request?: ListRequest, options?: CallOptions): Promise<ListAnswer>
  /**
   * Replaces a signed transaction with the same one at higher fees.
   *
   * @throws TransactionNotFoundError, TransactionStateError, FeeCapError,
   * GasLimitError, InsufficientFundsError
   */
  speedUp(
    reference: Reference,
    speedUp?: SpeedUp,
    options?: CallOptions,
  ): Promise<SendAnswer>
  /**
   * Stops an unsigned transaction; replaces a signed one with a zero-value
   * transfer to the account itself. `get` shows which of the two transactions
   * was mined.
   *
   * @throws TransactionNotFoundError, TransactionStateError; FeeCapError or
   * InsufficientFundsError if the cancel can't be paid now, but it is still
   * recorded
   */
  cancel(reference: Reference, options?: CallOptions): Promise<SendAnswer>
}

const defaultWaitMs = 30_000
/** A function's alias can't contain a star. */
const defaultCaller = '*library'

/**
 * A sender on a ledger. Any number of senders, in any number of processes, may
 * use one key. A transaction costs one `kms:Sign`, six small writes and usually
 * two calls to the node. For permissions, see docs/ledger.md.
 *
 * @example
 * const sender = createSender({ key, ledger, rpc })
 * await sender.send(SendRequest.fromEvent(event, { chainId: 1 }))
 */
export function createSender(options: SenderOptions): Sender {
  const open = Context.open(options)
  const { runtime = systemRuntime } = options
  const read = ({ caller, deadline }: CallOptions = {}): Call => ({
    caller: caller ?? defaultCaller,
    deadline: deadline ?? runtime.now() + defaultWaitMs,
  })
  return {
    async send(request, call) {
      const by = read(call)
      return send(await open(by.deadline), request, by)
    },
    async get(reference, call) {
      const by = read(call)
      return get(await open(by.deadline), reference, by)
    },
    async list(request = {}, call) {
      const by = read(call)
      return list(await open(by.deadline), request, by)
    },
    async speedUp(reference, options = {}, call) {
      const by = read(call)
      return speedUp(await open(by.deadline), reference, options, by)
    },
    async cancel(reference, call) {
      const by = read(call)
      return cancel(await open(by.deadline), reference, by)
    },
  }
}
