import {
  IdempotencyConflictError,
  TransactionNotFoundError,
  TransactionStateError,
} from '../errors.js'
import * as Attempt from '../ledger/Attempt.js'
import type { NonceRecord } from '../ledger/NonceRecord.js'
import type { Outline, TransactionRecord } from '../ledger/TransactionRecord.js'
import type { SendRequest } from '../request/SendRequest.js'
import type { Context } from '../transaction/Context.js'
import type { Reference } from './Call.js'

export function assertSame(
  transaction: TransactionRecord,
  request: SendRequest,
  requestHash: string,
): void {
  // An adopted transaction has no terms of its own, only its effect.
  const isSame = transaction.adopted
    ? Attempt.isOf(transaction.request, request)
    : transaction.requestHash === requestHash
  if (!isSame) throw new IdempotencyConflictError(transaction)
}

/** A table may serve many accounts, each with its own nonces. */
export function assertAccount(
  { account }: Outline,
  context: Context,
  reference: Reference,
): void {
  const { chainId, address } = context.account
  if (account.chainId !== chainId || account.address !== address)
    throw new TransactionNotFoundError(reference)
}

export function assertPending(transaction: Outline): void {
  if (transaction.final || transaction.blockHash !== undefined)
    throw new TransactionStateError(transaction, 'it is no longer pending')
}

/** A cancelled payment can't be revived. */
export function assertNotCancelled(
  transaction: Outline,
  row: NonceRecord,
  now: number,
): void {
  // The row is read after the transaction, and may show a cancel that was
  // signed in between.
  const isCancelled = row.attempts.at(-1)?.purpose === 'cancel'
  if (transaction.cancelRequested || isCancelled)
    throw new TransactionStateError(
      transaction,
      'a cancellation is in progress',
    )
  const { validUntil = Infinity } = transaction.request
  if (validUntil <= now)
    throw new TransactionStateError(
      transaction,
      'its valid_until has passed. A cancellation will replace it unless the original is mined first',
    )
}
