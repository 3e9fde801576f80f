import {
  CreationNotAllowedError,
  IdempotencyConflictError,
  TransactionNotFoundError,
  TransactionStateError,
} from './errors.js'
import type { NonceRecord } from './ledger/NonceRecord.js'
import type { TransactionRecord } from './ledger/TransactionRecord.js'
import type { Reference } from './request/Operation.js'
import type * as SendRequest from './request/SendRequest.js'
import type * as Context from './transaction/Context.js'

export function assertSame(
  transaction: TransactionRecord,
  requestHash: string,
) {
  if (transaction.requestHash !== requestHash)
    throw new IdempotencyConflictError(transaction)
}

/** A table may serve many accounts; each has nonces of its own. */
export function assertAccount(
  { account }: TransactionRecord,
  context: Context.Context,
  reference: Reference,
): void {
  const { chainId, address } = context.account
  if (account.chainId !== chainId || account.address !== address)
    throw new TransactionNotFoundError(reference)
}

export function assertPending(transaction: TransactionRecord): void {
  if (transaction.final || transaction.blockHash !== undefined)
    throw new TransactionStateError(
      transaction,
      'what is mined or ended cannot be changed',
    )
}

export function assertCreation(
  { to }: SendRequest.SendRequest,
  allowCreation: boolean | undefined,
): void {
  if (to === undefined && allowCreation !== true)
    throw new CreationNotAllowedError()
}

/** Nothing brings a payment back that was stopped. */
export function assertWanted(
  transaction: TransactionRecord,
  row: NonceRecord,
): void {
  // The row is read later, and may know of a cancel that came in between.
  const isCancelled = row.attempts.at(-1)?.purpose === 'cancel'
  if (transaction.cancelRequested || isCancelled)
    throw new TransactionStateError(
      transaction,
      'a cancel is under way, and one transaction at most is mined',
    )
  const { validUntil = Infinity } = transaction.request
  if (validUntil <= Date.now())
    throw new TransactionStateError(
      transaction,
      'valid_until has passed, and it is replaced by a cancel unless it is mined by itself',
    )
}
