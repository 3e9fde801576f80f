import { BaseError } from '@keyward/core/errors'
import { awsCommand } from '../aws/awsCommand.js'
import type { Target } from '../aws/Target.js'
import * as OnChain from '../node/OnChain.js'
import { callersOf, type Stack } from '../stack/readStack.js'
import { pluralize } from '../text/pluralize.js'
import type { ChainAnswer } from './checkFunds.js'

/** The account still holds funds, or a transaction is pending. */
export class FundsRemainError extends BaseError {
  override readonly name = 'FundsRemainError'

  constructor(
    address: string,
    chains: readonly OnChain.OnChain[],
    stack: Pick<Stack, 'name' | 'resources'>,
    role?: string,
  ) {
    const callers = callersOf(stack)
    const [one = '', ...others] = callers
    const caller = others.length === 0 ? one : 'CALLER'
    const flag = caller === '' ? '' : ` --caller ${caller}`
    const which =
      others.length === 0
        ? ''
        : `, where CALLER is one of ${callers.join(', ')}`
    const how =
      role === 'safe'
        ? `Move them first with a Safe transaction (keyward safe propose --stack ${stack.name}).`
        : role === undefined || role === 'relayer'
          ? `Move them first (keyward sweep --stack ${stack.name}${flag} --to ADDRESS${which}).`
          : "The stack can't move them, because an owner's key signs only for the Safe."
    super('funds-remain', `${address} is not empty.`, {
      details: [
        ...chains.map((chain) => {
          const waits =
            chain.waiting > 0n
              ? `, ${pluralize(chain.waiting, 'transaction')} waiting`
              : ''
          return `${chain.network}: ${OnChain.format(chain)}${waits}`
        }),
        `Without the key, these funds are lost permanently. Nothing was done. ${how} To give them up, add --even-with-funds.`,
      ].join('\n'),
    })
  }
}

/** The command could not find out whether the account is empty. */
export class BalanceUncheckedError extends BaseError {
  override readonly name = 'BalanceUncheckedError'

  constructor(reasons: readonly string[]) {
    super(
      'balance-unchecked',
      'The command could not check whether the account is empty.',
      {
        details: [
          ...reasons,
          'Nothing was done. Fix the cause, or, if you know that the account is empty, add --without-balance-check.',
        ].join('\n'),
      },
    )
  }
}

/** The stack is protected from deletion. */
export class StackProtectedError extends BaseError {
  override readonly name = 'StackProtectedError'

  constructor(stack: string, target: Target) {
    super('stack-protected', `The stack ${stack} is protected from deletion.`, {
      details: `Nothing was done. To delete it anyway, first run: ${awsCommand(target, `cloudformation update-termination-protection --no-enable-termination-protection --stack-name ${stack}`)}`,
    })
  }
}

/** The chains whose answers forbid destroying the stack. */
export function withFunds(answers: readonly ChainAnswer[]): OnChain.OnChain[] {
  return answers.flatMap((answer) =>
    'found' in answer &&
    (OnChain.holdsFunds(answer.found) || answer.found.waiting > 0n)
      ? [answer.found]
      : [],
  )
}
