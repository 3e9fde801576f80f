import { BaseError } from '@keyward/core/errors'
import * as Target from '../aws/Target.js'

/** CloudFormation has no stack of that name. */
export class StackMissingError extends BaseError {
  override readonly name = 'StackMissingError'

  constructor(stack: string, target: Target.Target) {
    super(
      'stack-missing',
      `There is no stack ${stack} in ${Target.format(target)}.`,
      {
        details:
          'Name another with --stack, look whether Region and account are ' +
          'the right ones, or make it: keyward deploy.',
      },
    )
  }
}
