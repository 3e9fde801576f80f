import { InputError } from '@keyward/core/errors'
import { note } from '@keyward/toolkit'
import {
  freeze,
  type UnfreezeOptions,
  unfreeze,
  unfreezeGuard,
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
        'You have no permission to read CloudFormation, so the command uses ' +
          'the standard names for the functions and keys of the stack ' +
          `${name}; for a multisig, it uses all co-signers that it finds. ` +
          'Check that everything is listed below: anything that is missing ' +
          'can still sign.',
      ),
    )
    // Without an enabled key, functions that still run get no signature.
    const signs = steps.some(({ kind, done }) => kind === 'key' && !done)
    const copies = steps.some(({ imported }) => imported)
      ? '\nThis stack uses an imported key. The freeze covers only this stack: ' +
        'the same private key can still sign in another KMS key, a wallet or ' +
        'a backup.'
      : ''
    return stepsResult(terminal, name, steps, {
      done: `${name} is frozen. To undo this: keyward unfreeze${options.stack === undefined ? '' : ` --stack ${name}`}${copies}`,
      partial: `${name} is NOT fully frozen: ${
        signs
          ? 'the remaining parts can still sign.'
          : 'some functions can still run, but no key is enabled, so nothing is signed.'
      }${copies}`,
    })
  })
}

/** Lifts the emergency stop. */
export function unfreezeStack(
  terminal: Terminal,
  options: StackOptions & UnfreezeOptions & { guard: boolean },
): Promise<Result> {
  const { guard, concurrency } = options
  if (guard && concurrency !== undefined)
    throw new InputError("--concurrency can't be used with --guard.", {
      details:
        'Leave out one of these flags. --guard does not change the concurrency of any function.',
    })
  return withStack(terminal, options, async (connection, name) => {
    if (guard) {
      const data = await unfreezeGuard(terminal, connection, name, options)
      const text = data.lifted
        ? `The guard of ${name} counts again. Requests that fit ` +
          "in the policy's spending windows are signed."
        : `The guard of ${name} is not halted. Nothing was changed.`
      return { data, text }
    }
    const steps = await unfreeze(terminal, connection, name, options)
    return stepsResult(terminal, name, steps, {
      done: `${name} signs again.`,
      partial: `${name} is still partly frozen.`,
    })
  })
}
