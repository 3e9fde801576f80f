import { reading, wrapLines } from '@keyward/toolkit'
import { Command, Option } from 'commander'
import type { Result } from '../output/Result.js'
import type { Terminal } from '../terminal/Terminal.js'
import type { Inputs, Values } from './Input.js'
import type { Setup } from './Setup.js'

export type Definition<inputs extends Inputs> = {
  description: string
  takes: inputs
  /** The help text below the flags. */
  help?: string
  /** Example command lines. */
  examples: readonly string[]
  /** The description of `--json`, if it differs from the default. */
  json?: string
  /**
   * Imports the action, so that `--help` stays fast.
   *
   * @returns Nothing if the command has printed its own output.
   */
  run(
    terminal: Terminal,
    options: Values<inputs> & { json: boolean },
  ): Promise<Result | undefined>
}

/**
 * Defines a command. All arguments are read before the command runs, and become
 * one object. If an argument is refused, the command ends with exit code 2.
 */
export function define<inputs extends Inputs>(
  name: string,
  definition: Definition<inputs>,
): (setup: Setup) => Command {
  const {
    description,
    takes,
    help = '',
    examples,
    json = 'print one line of JSON',
  } = definition
  return ({ terminal, finish }) => {
    const command = new Command(name).description(description)
    for (const { declared } of Object.values(takes))
      if (declared instanceof Option) command.addOption(declared)
      else command.addArgument(declared)
    return command
      .option('--json', json)
      .addHelpText(
        'after',
        () =>
          `${help && `\n${fit(help.trim(), terminal)}\n`}${exampleText(examples)}`,
      )
      .action(async () => {
        const options = await reading(() => readAll(takes, command, terminal))
        const isJson = command.getOptionValue('json') === true
        const result = await definition.run(terminal, {
          ...options,
          json: isJson,
        })
        if (result !== undefined) await finish(result, isJson)
      })
  }
}

/**
 * Wraps paragraphs to the terminal's width. Lists and commands stay unchanged.
 */
function fit(help: string, { stdout }: Terminal): string {
  const joined = help.replace(/^(?![ -])(.+)\n(?=[^\s-])/gm, '$1 ')
  return wrapLines(joined, stdout.columns ?? 80)
}

async function readAll<inputs extends Inputs>(
  takes: inputs,
  command: Command,
  terminal: Terminal,
): Promise<Values<inputs>> {
  const values: Record<string, unknown> = {}
  for (const [name, { declared, read }] of Object.entries(takes))
    values[name] = await read(
      declared instanceof Option
        ? command.getOptionValue(declared.attributeName())
        : command.processedArgs[command.registeredArguments.indexOf(declared)],
      terminal,
    )
  return values as Values<inputs>
}

/** The end of a help text. */
export function exampleText(lines: readonly string[]): string {
  // There is no prompt, so that users can copy commands of several lines as
  // well.
  const shown = lines.map((line) => `  ${line.split(' --').reduce(addFlag)}`)
  return `\nExamples:\n${shown.join('\n')}`
}

/**
 * Adds a flag to a command, on a new line if the current one would be too long.
 */
function addFlag(command: string, flag: string): string {
  const last = command.slice(command.lastIndexOf('\n') + 1)
  // Leaves room for the indent before the line and the backslash after it.
  const isFull = last.length + ` --${flag}`.length > 76
  return `${command}${isFull ? ' \\\n   ' : ''} --${flag}`
}
