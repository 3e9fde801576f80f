import { BaseError } from '@keyward/core'

/**
 * The table of proposals can't be read or written, or contains foreign items.
 */
export class ProposalStoreError extends BaseError {
  /** AWS's name, for example `AccessDeniedException`. */
  readonly awsCode: string | undefined

  constructor(reason: string, awsCode?: string) {
    super('proposal-store', `The table of proposals: ${reason}.`, {
      details:
        'Existing proposals are unchanged. Check PROPOSAL_TABLE, its policy, and the role. It is safe to try again.',
    })
    this.name = 'ProposalStoreError'
    this.awsCode = awsCode
  }
}
