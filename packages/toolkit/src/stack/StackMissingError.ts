import { BaseError } from '@keyward/core/errors'
import * as Target from '../aws/Target.js'

/** CloudFormation has no stack with this name, or none that the caller sees. */
export class StackMissingError extends BaseError {
  override readonly name = 'StackMissingError'

  /**
   * @param hidden - Whether the caller isn't allowed to ask CloudFormation, and
   * no part of the stack was found by its name.
   */
  constructor(stack: string, target: Target.Target, { hidden = false } = {}) {
    const place = `${stack} in ${Target.format(target)}`
    const create = `create the stack with keyward deploy --stack ${stack}.`
    super(
      'stack-missing',
      hidden
        ? `There is no stack ${place}, or you have no permission to see it.`
        : `There is no stack ${place}.`,
      {
        details: hidden
          ? `You have no permission to ask CloudFormation, and no function or key with a name of this stack was found. Check --stack, the Region and the account, run the command as a principal that has cloudformation:DescribeStacks, or ${create}`
          : `Check --stack, the Region and the account, or ${create}`,
      },
    )
  }
}
