import { BaseError, EtherAmount, Quote } from '@keyward/core'
import type { Outline } from './ledger/TransactionRecord.js'
import type { Reference } from './operations/Call.js'

/** The idempotency key was used for another request. */
export class IdempotencyConflictError extends BaseError {
  /** Id of the transaction that the key belongs to. */
  readonly transactionId: string

  constructor({ id, request, createdAt }: Outline) {
    const what = `${EtherAmount.fromWei(request.value)} ether to ${request.to ?? 'a new contract'}, accepted at ${new Date(createdAt).toISOString()}`
    super(
      'idempotency-conflict',
      `Another request has already used this idempotency key: ${Quote.value(request.idempotencyKey)}.`,
      {
        details: `It belongs to transaction ${id}: ${what}. Nothing was signed. Repeat that request unchanged to get its transaction, or give the new request a new idempotency key.`,
      },
    )
    this.name = 'IdempotencyConflictError'
    this.transactionId = id
  }
}

/** The caller has no such transaction. */
export class TransactionNotFoundError extends BaseError {
  constructor(reference: Reference) {
    const [name, value] =
      'transactionId' in reference
        ? ['id', reference.transactionId]
        : ['idempotency key', reference.idempotencyKey]
    super(
      'transaction-not-found',
      `There is no transaction with this ${name}: ${Quote.value(value)}.`,
      {
        details: `Each caller sees only its own transactions. Check the ${name}, the caller (the alias of the function) and the stack.`,
      },
    )
    this.name = 'TransactionNotFoundError'
  }
}

/** The transaction's state doesn't allow the operation. */
export class TransactionStateError extends BaseError {
  constructor({ id, status }: Outline, reason: string) {
    super(
      'transaction-state',
      `Transaction ${id} (${status}) can't be changed: ${reason}.`,
    )
    this.name = 'TransactionStateError'
  }
}
