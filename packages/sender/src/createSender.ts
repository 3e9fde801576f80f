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
   * Sends a request once, however often it is asked to: the same idempotency
   * key with the same request answers the same transaction.
   *
   * Answers by the deadline with how far it came; what was accepted goes on
   * with the reconciler.
   *
   * @throws IdempotencyConflictError for a key that stands for another
   * request; before anything is accepted: LedgerIncompleteError,
   * PossibleRepeatError, WouldFailError, GasLimitError, InsufficientFundsError,
   * FeeCapError, RequestExpiredError
   */
  send(request: SendRequest, options?: CallOptions): Promise<SendAnswer>
  /** @throws TransactionNotFoundError */
  get(reference: Reference, options?: CallOptions): Promise<GetAnswer>
  /** The caller's own, newest first. */
  list(request?: ListRequest, options?: CallOptions): Promise<ListAnswer>
  /**
   * Replaces what is signed by the same at higher fees.
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
   * Stops what is not signed; replaces what is by a zero-value transfer to the
   * account itself. Which of the two is mined, `get` tells.
   *
   * @throws TransactionNotFoundError, TransactionStateError; FeeCapError or
   * InsufficientFundsError while it cannot be paid, and is noted all the same
   */
  cancel(reference: Reference, options?: CallOptions): Promise<SendAnswer>
}

const defaultWaitMs = 30_000
/** No function's alias can have a star. */
const defaultCaller = '*library'

/**
 * A sender on a ledger. Any number of them, in any number of processes, may
 * send from one key. Cost of one transaction: one `kms:Sign`, six small writes,
 * and two calls to the node and now and then more; docs/ledger.md has the
 * permissions.
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
