import { BaseError } from '../errors/BaseError.js'

/** The fields don't form a valid transaction. Nothing was signed. */
export class InvalidTransactionError extends BaseError {
  constructor(
    reason: string,
    what:
      | 'transaction'
      | 'authorization'
      | 'chain-specific transaction' = 'transaction',
  ) {
    super('invalid-transaction', `Not a valid ${what}: ${reason}.`)
    this.name = 'InvalidTransactionError'
  }
}
