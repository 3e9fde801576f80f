import { BaseError } from '@keyward/core/errors'

/** The account can't be emptied as requested. Nothing was sent. */
export class SweepError extends BaseError {
  override readonly name = 'SweepError'

  constructor(shortMessage: string, details: string) {
    super('sweep-refused', shortMessage, {
      details: `Nothing was sent. ${details}`,
    })
  }
}

/** Another sweep of the same account is in progress. */
export class SweepOvertakenError extends BaseError {
  override readonly name = 'SweepOvertakenError'

  constructor(idempotencyKey: string) {
    super('sweep-overtaken', 'Another sweep of this account is running.', {
      details: `That sweep has sent the transaction ${idempotencyKey}. Check that transaction with keyward tx show ${idempotencyKey}, and sweep again when it is mined.`,
    })
  }
}
