import { BaseError } from '@keyward/core'

/**
 * The caller passed a bundle although the stack has a coordinator. A returned
 * signature could be withheld; a signature in the table can be counted.
 */
export class InOneStackError extends BaseError {
  constructor() {
    super(
      'bundle-not-approved',
      "This co-signer approves only its coordinator's proposals.",
      {
        details:
          'Nothing was signed. Pass the bundle to the coordinator (propose or import), then approve the proposal by its safe_tx_hash.',
      },
    )
    this.name = 'InOneStackError'
  }
}
