import { BaseError } from '../errors/BaseError.js'

/** There are no AWS credentials, or the configured source returns none. */
export class CredentialsError extends BaseError {
  constructor(shortMessage: string, details?: string, cause?: unknown) {
    super('missing-credentials', shortMessage, { details, cause })
    this.name = 'CredentialsError'
  }
}
