import { BaseError } from '@keyward/core'

/** The text of a policy can't be read. Nothing was decided. */
export class PolicySyntaxError extends BaseError {
  constructor(details: string) {
    super('policy-syntax', 'The policy can’t be read.', { details })
    this.name = 'PolicySyntaxError'
  }
}
