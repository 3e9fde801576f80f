import { BaseError } from '@keyward/core/errors'

const ways: Readonly<Record<string, string>> = {
  UPDATE_ROLLBACK_FAILED:
    'Fix the cause that the events show, then run npx cdk rollback or aws ' +
    'cloudformation continue-update-rollback.',
  ROLLBACK_FAILED: 'Delete it with keyward destroy.',
  CREATE_FAILED: 'Delete it with keyward destroy.',
  DELETE_FAILED:
    'Fix the cause that the events show, then delete it with keyward destroy.',
}

/** A stack is in a state that can't be deployed to. */
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
