import { BaseError, EtherAmount, Quote } from '@keyward/core'
import type { TransactionRecord } from './ledger/TransactionRecord.js'
import type { Reference } from './request/Operation.js'

/** The idempotency key stands for another request. */
export class IdempotencyConflictError extends BaseError {
  /** Of the request that the key stands for. */
  readonly transactionId: string

  constructor({ id, request, createdAt }: TransactionRecord) {
    const what = `${EtherAmount.fromWei(request.value)} ether to ${request.to ?? 'a new contract'}, of ${new Date(createdAt).toISOString()}`
    super(
      'idempotency-conflict',
      `The idempotency key ${Quote.value(request.idempotencyKey)} stands for another request.`,
      {
        details: `It is transaction ${id}: ${what}. Nothing was signed. Repeat that request unchanged to hear of it, or give a new key to a new one.`,
      },
    )
    this.name = 'IdempotencyConflictError'
    this.transactionId = id
  }
}

/** The caller has no such transaction. */
export class TransactionNotFoundError extends BaseError {
  constructor(reference: Reference) {
    const what =
      'transactionId' in reference
        ? `id ${Quote.value(reference.transactionId)}`
        : `idempotency key ${Quote.value(reference.idempotencyKey)}`
    super('transaction-not-found', `There is no transaction with ${what}.`, {
      details:
        'Each caller sees its own transactions only. Check the id, the caller (the alias of the function) and the stack.',
    })
    this.name = 'TransactionNotFoundError'
  }
}

/** The transaction is in a state in which that cannot be done. */
export class TransactionStateError extends BaseError {
  constructor({ id, status }: TransactionRecord, reason: string) {
    super('transaction-state', `Transaction ${id} is ${status}: ${reason}.`)
    this.name = 'TransactionStateError'
  }
}

/** A request without `to` came to a sender that creates no contracts. */
export class CreationNotAllowedError extends BaseError {
  constructor() {
    super(
      'creation-not-allowed',
      'This sender is not allowed to create contracts.',
      {
        details:
          'Nothing was signed. Name the address in dst_address; where creation is meant, allow it to the sender (allowCreation).',
      },
    )
    this.name = 'CreationNotAllowedError'
  }
}
