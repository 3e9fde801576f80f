import { createInterface } from 'node:readline/promises'
import { BaseError } from '@keyward/core'
import * as Target from './aws/Target.js'
import type { Terminal } from './Terminal.js'

/**
 * Asks before something is created or signed outside the local home. Inside
 * it, or with `--yes`, nothing is asked.
 *
 * @param action - Goes on after "This", e.g. `creates a key`.
 * @throws ConfirmationError when nobody can be asked, or the answer is no.
 */
export async function confirm(
  terminal: Terminal,
  target: Target.Target,
  action: string,
  yes: boolean,
): Promise<void> {
  assertAskable(terminal, target, action, yes)
  if (target.kind === 'local' || yes) return
  const where = Target.format(target)
  const prompt = createInterface({
    input: terminal.stdin,
    output: terminal.stderr,
  })
  try {
    const answer = await prompt.question(
      `This ${action} in ${where}. Go on? [y/N] `,
    )
    if (!/^y(es)?$/i.test(answer.trim()))
      throw new ConfirmationError('Nothing was done: the answer was not yes.')
  } finally {
    prompt.close()
  }
}

/**
 * Finds out before long work whether {@link confirm} could ask after it.
 *
 * @throws ConfirmationError
 */
export function assertAskable(
  terminal: Terminal,
  target: Target.Target,
  action: string,
  yes: boolean,
): void {
  if (target.kind === 'local' || yes) return
  if (terminal.stdin.isTTY === true && terminal.stderr.isTTY === true) return
  throw new ConfirmationError(
    `This ${action} in ${Target.format(target)}, and nobody can be asked here.`,
    'Without a terminal, --yes says that it is meant.',
  )
}

export class ConfirmationError extends BaseError {
  override readonly name = 'ConfirmationError'

  constructor(shortMessage: string, details?: string) {
    super('confirmation-required', shortMessage, { details })
  }
}
