import { createInterface } from 'node:readline/promises'
import { BaseError } from '@keyward/core/errors'
import { type Question, Target, wrapLines } from '@keyward/toolkit'
import type { Streams } from './Terminal.js'
import { toPrintable } from './toPrintable.js'
import { StoppedError } from './untilStopped.js'

/**
 * Asks for confirmation before anything is created or signed outside the local
 * home. On the local home, or with `--yes`, it doesn't ask.
 *
 * @throws ConfirmationError if there is no terminal, or the answer is no.
 */
export async function confirm(
  terminal: Streams,
  question: Question,
): Promise<void> {
  assertAskable(terminal, question)
  const { target, action, yes } = question
  if (target?.kind === 'local' || yes) return
  const prompt = createInterface({
    input: terminal.stdin,
    output: terminal.stderr,
  })
  try {
    const answer = await prompt
      .question(
        toPrintable(
          wrapLines(
            `This ${action}${placeOf(target)}. Continue? [y/N] `,
            (terminal.stderr as { columns?: number }).columns || undefined,
          ),
          false,
        ),
      )
      // Ctrl-C.
      .catch(() => {
        throw new StoppedError('SIGINT')
      })
    if (!/^y(es)?$/i.test(answer.trim()))
      throw new ConfirmationError(
        'The answer was not yes, so nothing was done.',
      )
  } finally {
    prompt.close()
  }
}

/**
 * Checks, before long work begins, that {@link confirm} will be able to ask.
 *
 * @throws ConfirmationError
 */
export function assertAskable(
  terminal: Streams,
  { target, action, yes }: Question,
): void {
  if (target?.kind === 'local' || yes) return
  if (terminal.stdin.isTTY === true && terminal.stderr.isTTY === true) return
  throw new ConfirmationError(
    `This command ${action}${placeOf(target)}, but there is no terminal to ask for confirmation.`,
    'Without a terminal, pass --yes to confirm.',
  )
}

function placeOf(target: Question['target']): string {
  return target === undefined ? '' : ` in ${Target.inSentence(target)}`
}

export class ConfirmationError extends BaseError {
  override readonly name = 'ConfirmationError'

  constructor(shortMessage: string, details?: string) {
    super('confirmation-required', shortMessage, { details })
  }
}
