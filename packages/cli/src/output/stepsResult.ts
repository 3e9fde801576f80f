import type { Style } from '@keyward/toolkit'
import type { Step } from '@keyward/toolkit/stack'
import type { Terminal } from '../terminal/Terminal.js'
import type { Result } from './Result.js'

/** The results of a command's steps, with exit code 3 if a step remains. */
export function stepsResult(
  terminal: Terminal,
  stack: string,
  steps: readonly Step.Step[],
  words: { done: string; partial: string },
): Result {
  const { style } = terminal.stdout
  const left = steps.filter(({ done }) => !done)
  const complete = left.length === 0
  const who = new Set(
    left.flatMap(({ runAs }) => (runAs === undefined ? [] : [runAs])),
  )
  return {
    data: { stack, complete, steps },
    text: [
      ...stepLines(steps, style),
      '',
      complete ? words.done : style.red(words.partial),
      ...[...who].map((each) => `Run the command again as ${each}.`),
    ].join('\n'),
    exitCode: complete ? 0 : 3,
  }
}

/** One line per step. */
export function stepLines(
  steps: readonly Step.Step[],
  { red, green }: Style,
): string[] {
  return steps.map(
    ({ part, done, note }) =>
      `${done ? green('done    ') : red('NOT DONE')}  ${part}  ${note}`,
  )
}
