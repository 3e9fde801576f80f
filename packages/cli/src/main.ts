import { writeSync } from 'node:fs'
import { isUsage, note, UsageError } from '@keyward/toolkit'
import { CommanderError } from 'commander'
import {
  describeError,
  type ErrorData,
  toErrorData,
} from './errors/describeError.js'
import { explainMoved } from './errors/explainMoved.js'
import { printResult } from './output/Result.js'
import { createProgram, maskUsage } from './program/createProgram.js'
import { interrupted } from './terminal/onInterrupt.js'
import { openTerminal } from './terminal/openTerminal.js'
import type { Terminal } from './terminal/Terminal.js'

/**
 * Runs the command line and sets the exit code: 0 done, 1 refused, invalid or
 * failed, 2 wrong usage.
 *
 * @param argv - The same form as `process.argv`: node, script, then the
 * arguments.
 */
export async function main(
  argv: readonly string[] = process.argv,
): Promise<void> {
  const terminal = openTerminal(process)
  // The SDK's warnings about future versions of Node are for us, not for users.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true'
  // A command such as `keyward key list | head` closes the pipe early, which is
  // not a failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    process.exit(0)
  })
  if (argv.includes('--json')) printWhenInterrupted()
  process.exitCode = await run(argv, terminal)
}

/** With `--json`, Ctrl-C also prints an error to stdout. */
function printWhenInterrupted(): void {
  const onSignal = () => {
    // Other listeners first stop cleanly or print a last message.
    if (process.listenerCount('SIGINT') === 1) process.exit(interrupted)
  }
  process.on('SIGINT', onSignal)
  const data: ErrorData = {
    ...{
      code: 'stopped',
      error: 'SIGINT stopped the command before it was done.',
    },
  }
  process.on('exit', (code) => {
    if (code === interrupted) writeSync(1, `${JSON.stringify(data)}\n`)
  })
}

/**
 * Runs one command to its end on the given terminal.
 *
 * @returns its exit code
 */
export async function run(
  argv: readonly string[],
  terminal: Terminal,
): Promise<number> {
  let exitCode = 0
  const program = createProgram(terminal, (code) => {
    exitCode = code
  })
  try {
    await program.parseAsync(argv)
    return exitCode
  } catch (thrown) {
    terminal.notify({ kind: 'progressEnd' })
    const error = await explainMoved(thrown, terminal.env)
    const isJson = argv.includes('--json')
    if (error instanceof CommanderError || error instanceof UsageError) {
      // commander has already printed its own message. Help and version exit
      // with 0.
      if (error instanceof UsageError) note(terminal, `error: ${error.message}`)
      else if (error.exitCode === 0) return 0
      if (isJson) await printError(terminal, toUsageData(error))
      return 2
    }
    if (isJson) await printError(terminal, toErrorData(error))
    const [first, ...rest] = describeError(error, terminal.env).split('\n')
    const { red, dim } = terminal.stderr.style
    const lines = rest.map((line) =>
      /^(See docs\/errors\/| {2}keyward explain )/.test(line)
        ? dim(line)
        : line,
    )
    note(terminal, [red(first ?? ''), ...lines].join('\n'))
    return isUsage(error) ? 2 : 1
  } finally {
    terminal.notify({ kind: 'resume', text: undefined })
    terminal.notify({ kind: 'progressEnd' })
  }
}

/**
 * Programs read stdout and users read stderr, so an error is written to both.
 */
function printError(terminal: Terminal, data: ErrorData): Promise<void> {
  return printResult(terminal, { data, text: data.error }, true)
}

/** Wrong and unreadable arguments share an error page. */
function toUsageData({ message }: Error): ErrorData {
  const text = maskUsage(message)
    .replace(/^error: /, '')
    .replaceAll('\n', ' ')
  return { code: 'invalid-input', error: text }
}
