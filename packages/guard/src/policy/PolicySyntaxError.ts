import { BaseError } from '@keyward/core'

/** The policy's text can't be parsed. Nothing was decided. */
export class PolicySyntaxError extends BaseError {
  constructor(details: string) {
    super('policy-syntax', "The policy can't be read.", { details })
    this.name = 'PolicySyntaxError'
  }
}
