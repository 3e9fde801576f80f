import { BaseError } from '@keyward/core'

/** The policy file is not the one with which the function was deployed. */
export class PolicyMismatchError extends BaseError {
  constructor(found: string, expected: string) {
    super(
      'policy-mismatch',
      'The policy is not the one that was deployed with the function.',
      {
        details: `Its SHA-256 is ${found}, but POLICY_SHA256 is ${expected}. Nothing was signed. Deploy the function and its policy together: keyward deploy --policy FILE.`,
      },
    )
    this.name = 'PolicyMismatchError'
  }
}
