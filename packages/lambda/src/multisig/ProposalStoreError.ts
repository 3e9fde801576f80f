import { BaseError } from '@keyward/core'

/** The table of proposals can't be read or written, or holds what is not ours. */
export class ProposalStoreError extends BaseError {
  /** AWS's name, for example `AccessDeniedException`. */
  readonly awsCode: string | undefined

  constructor(reason: string, awsCode?: string) {
    super('proposal-store', `The table of proposals: ${reason}.`, {
      details:
        'What was written before stays. Check PROPOSAL_TABLE, its policy, and the role; asking again does no harm.',
    })
    this.name = 'ProposalStoreError'
    this.awsCode = awsCode
  }
}
