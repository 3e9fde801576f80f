import { BaseError } from '@keyward/core'

/**
 * A caller could keep a returned signature; one in the table can be counted.
 */
export class InOneStackError extends BaseError {
  constructor() {
    super(
      'bundle-not-approved',
      'This co-signer has a coordinator and approves what is proposed there.',
      {
        details:
          'Nothing was signed. Pass the bundle to the coordinator (propose or import), then approve it by its safe_tx_hash.',
      },
    )
    this.name = 'InOneStackError'
  }
}
