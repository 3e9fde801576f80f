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
    const place = `named "${stack}" in ${Target.inSentence(target)}`
    const check =
      target.kind === 'local'
        ? 'Check --stack'
        : 'Check --stack, the Region and the AWS account'
    const create = `create the stack with keyward deploy --stack ${stack}.`
    super(
      'stack-missing',
      hidden
        ? `There is no stack ${place}, or you have no permission to see it.`
        : `There is no stack ${place}.`,
      {
        details: hidden
          ? `You have no permission to read stacks in CloudFormation, and neither the stack's functions nor its key was found by name. ${check}. Run the command as a principal that has cloudformation:DescribeStacks, or ${create}`
          : `${check}, or ${create}`,
      },
    )
  }
}
