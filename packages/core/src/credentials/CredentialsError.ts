import { BaseError } from '../errors/BaseError.js'

/** No credentials of AWS, or a source that was set and gives none. */
export class CredentialsError extends BaseError {
  constructor(shortMessage: string, details?: string, cause?: unknown) {
    super('missing-credentials', shortMessage, { details, cause })
    this.name = 'CredentialsError'
  }
}
