import { BaseError } from '@keyward/core/errors'

const ways: Readonly<Record<string, string>> = {
  UPDATE_ROLLBACK_FAILED:
    'Mend what the events name and go on: npx cdk rollback, or aws cloudformation continue-update-rollback.',
  ROLLBACK_FAILED: 'Take it away: keyward destroy.',
  CREATE_FAILED: 'Take it away: keyward destroy.',
  DELETE_FAILED:
    'Mend what the events name, and take it away: keyward destroy.',
}

/** A stack is in a state from which it can't be deployed. */
export class StackStuckError extends BaseError {
  override readonly name = 'StackStuckError'

  constructor(stack: string, status: string, reason?: string) {
    super('stack-stuck', `The stack ${stack} is in state ${status}.`, {
      details: [reason, ways[status] ?? 'Wait until it is done.']
        .filter((each) => each !== undefined)
        .join(' '),
    })
  }

  static applies(status: string): boolean {
    return Object.hasOwn(ways, status)
  }
}
