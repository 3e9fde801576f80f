import { BaseError } from '@keyward/core/errors'
import * as Target from '../aws/Target.js'

/** CloudFormation has no stack with this name. */
export class StackMissingError extends BaseError {
  override readonly name = 'StackMissingError'

  constructor(stack: string, target: Target.Target) {
    super(
      'stack-missing',
      `There is no stack ${stack} in ${Target.format(target)}.`,
      {
        details:
          'Check --stack, the Region and the account, or create the stack with keyward deploy.',
      },
    )
  }
}
