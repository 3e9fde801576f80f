import { BaseError } from '@keyward/core/errors'

const ways: Readonly<Record<string, string>> = {
  UPDATE_ROLLBACK_FAILED:
    "Fix the cause, which the stack's events show. Then run " +
    'npx --no-install cdk rollback or ' +
    'aws cloudformation continue-update-rollback.',
  ROLLBACK_FAILED: 'Delete the stack with keyward destroy.',
  CREATE_FAILED: 'Delete the stack with keyward destroy.',
  DELETE_FAILED:
    "Fix the cause, which the stack's events show. Then delete the stack with keyward destroy.",
}

/** The stack is in a state in which it can't be deployed. */
export class StackStuckError extends BaseError {
  override readonly name = 'StackStuckError'

  constructor(stack: string, status: string, reason?: string) {
    super('stack-stuck', `The stack ${stack} is in the state ${status}.`, {
      details: [reason, ways[status] ?? 'Wait until the operation has ended.']
        .filter((each) => each !== undefined)
        .join(' '),
    })
  }

  static applies(status: string): boolean {
    return Object.hasOwn(ways, status)
  }
}
