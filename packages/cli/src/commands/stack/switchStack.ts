import { note } from '@keyward/toolkit'
import {
  freeze,
  type UnfreezeOptions,
  unfreeze,
  withStack,
} from '@keyward/toolkit/stack'
import type { Result } from '../../output/Result.js'
import { stepsResult } from '../../output/stepsResult.js'
import type { Terminal } from '../../terminal/Terminal.js'

type StackOptions = { stack: string | undefined }

/** The emergency stop. */
export function freezeStack(
  terminal: Terminal,
  options: StackOptions,
): Promise<Result> {
  return withStack(terminal, options, async (connection, name) => {
    const steps = await freeze(connection, name, () =>
      note(
        terminal,
        `CloudFormation may not be looked into: taking the functions and the key by the names of the stack ${name}.`,
      ),
    )
    return stepsResult(terminal, name, steps, {
      done: `${name} is frozen. To take it back: keyward unfreeze${options.stack === undefined ? '' : ` --stack ${name}`}`,
      partial: `${name} is NOT frozen as a whole: what is left may sign.`,
    })
  })
}

/** Takes it back. */
export function unfreezeStack(
  terminal: Terminal,
  options: StackOptions & UnfreezeOptions,
): Promise<Result> {
  return withStack(terminal, options, async (connection, name) => {
    const steps = await unfreeze(terminal, connection, name, options)
    return stepsResult(terminal, name, steps, {
      done: `${name} signs again.`,
      partial: `${name} is still frozen in part.`,
    })
  })
}
