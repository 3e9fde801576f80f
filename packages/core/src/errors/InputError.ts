import { BaseError } from './BaseError.js'

/** An argument or input is not valid. */
export class InputError extends BaseError {
  override readonly name = 'InputError'

  constructor(
    shortMessage: string,
    options: { details?: string; cause?: unknown } = {},
  ) {
    super('invalid-input', shortMessage, options)
  }
}
