import { BaseError } from '@keyward/core'

const tryAgain =
  "It is safe to try again. If this keeps failing, check PROPOSAL_TABLE, the table's policy and the function's role."

/**
 * The table of proposals can't be read or written, or contains foreign items.
 */
export class ProposalStoreError extends BaseError {
  /** AWS's name, for example `AccessDeniedException`. */
  readonly awsCode: string | undefined

  constructor(reason: string, awsCode?: string, advice = tryAgain) {
    super('proposal-store', `The proposal table can't be used: ${reason}.`, {
      details: advice,
    })
    this.name = 'ProposalStoreError'
    this.awsCode = awsCode
  }
}
