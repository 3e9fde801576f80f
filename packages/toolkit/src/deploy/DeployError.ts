import { BaseError } from '@keyward/core/errors'
import type { Target } from '../aws/Target.js'
import { neededCli, removalCommands } from '../stack/removalCommands.js'
import type { Outcome } from './followStack.js'

/** CloudFormation rolled a deployment back or stopped halfway. */
export class DeployFailedError extends BaseError {
  override readonly name = 'DeployFailedError'

  constructor(
    stack: string,
    target: Target,
    { status, failures, kept }: Outcome,
  ) {
    const costly = kept.flatMap(({ type, physicalId }) => {
      const commands = removalCommands(target, type, physicalId)
      const needed = neededCli(commands)
      return commands.length === 0
        ? []
        : [
            `${physicalId} (${type}) was created, and remains although it belongs to no stack. It costs money until it is deleted${type === 'AWS::KMS::Key' ? ', and only the break-glass role in its policy can delete it' : ''}:`,
            ...commands.map((command) => `  ${command}`),
            ...(needed === undefined ? [] : [needed]),
          ]
    })
    super(
      'deploy-failed',
      `The deployment of the stack ${stack} ended in ${status}.`,
      {
        details: [
          ...failures.map(
            ({ logicalId, type, reason }) =>
              `${logicalId} (${type}): ${reason}`,
          ),
          ...costly,
          'Fix the cause and deploy again.',
        ].join('\n'),
      },
    )
  }
}

/** Someone else changed the stack after the plan was made. */
export class DeployOvertakenError extends BaseError {
  override readonly name = 'DeployOvertakenError'

  constructor(stack: string) {
    super(
      'deploy-overtaken',
      `Another operation on the stack ${stack} started first, so this one was not started.`,
      {
        details:
          'The plan might no longer apply. Run the command again: it waits for ' +
          'the other operation and makes a new plan.',
      },
    )
  }

  /**
   * Whether CloudFormation refused because the stack is busy or has changed.
   */
  static applies(name: string, message: string): boolean {
    return (
      /^(InvalidChangeSetStatus|ChangeSetNotFound|OperationInProgress)/.test(
        name,
      ) ||
      /_IN_PROGRESS state|OBSOLETE|already exists and cannot be created again/i.test(
        message,
      )
    )
  }
}

/** The deployment would remove the stack's key. */
export class KeyReplacedError extends BaseError {
  override readonly name = 'KeyReplacedError'

  constructor(stack: string) {
    super(
      'key-replaced',
      `This deployment would remove the key of the stack ${stack}.`,
      {
        details:
          'The functions would sign for another account, and no stack could ' +
          'move the funds of the current account. Nothing was done. To allow ' +
          'this, add --allow-new-account.',
      },
    )
  }
}

/** The given address is not the key's address. */
export class PinMismatchError extends BaseError {
  override readonly name = 'PinMismatchError'

  constructor(pin: string, address: string) {
    super('address-mismatch', `The key's address is ${address}, not ${pin}.`, {
      details:
        'If the functions were pinned to another address, they would not ' +
        'sign anything. Nothing was deployed. Correct --address, or pass the ' +
        'right key.',
    })
  }
}
