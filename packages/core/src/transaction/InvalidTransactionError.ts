import { BaseError } from '../errors/BaseError.js'

/** The fields don't form a valid transaction. Nothing was signed. */
export class InvalidTransactionError extends BaseError {
  constructor(reason: string) {
    super('invalid-transaction', `Not a transaction: ${reason}.`)
    this.name = 'InvalidTransactionError'
  }
}
