import { maskSecrets } from '@keyward/core/errors'
import { version } from '@keyward/toolkit'
import { Command } from 'commander'
import { refuseSecrets } from '../input/refuseSecrets.js'
import { printResult } from '../output/Result.js'
import type { Terminal } from '../terminal/Terminal.js'
import { addAccessCommands } from './addAccessCommands.js'
import { addDemoCommand } from './addDemoCommand.js'
import { addDeployCommand } from './addDeployCommand.js'
import { addDestroyCommand } from './addDestroyCommand.js'
import { addKeyCommands } from './addKeyCommands.js'
import { addLedgerCommands } from './addLedgerCommands.js'
import { addLocalCommands } from './addLocalCommands.js'
import { addSendCommands } from './addSendCommands.js'
import { addSignCommands } from './addSignCommands.js'
import { addStackCommands } from './addStackCommands.js'
import { addSweepCommand } from './addSweepCommand.js'
import { examples, type Setup } from './Setup.js'

/**
 * The command line as commander sees it. Only definitions are here: what a
 * command needs to run is imported when it runs, so that `--help` is quick.
 */
export function createProgram(
  terminal: Terminal,
  setExitCode: (code: number) => void,
): Command {
  const program = new Command('keyward')
    .description('Sign for Ethereum with keys that never leave AWS KMS.')
    .version(version(), '-V, --version', 'print the version')
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(text),
      writeErr: (text) => terminal.stderr.write(text),
      // It quotes what it does not know, which may be a key in the wrong place.
      outputError: (text, write) => write(maskUsage(text)),
    })
    .hook('preAction', (_, command) => refuseSecrets(terminal, command))
    .exitOverride()
    .enablePositionalOptions()
    .showHelpAfterError('Add --help for what is allowed.')
  const setup: Setup = {
    terminal,
    async finish(result, options) {
      setExitCode(result.exitCode ?? 0)
      await printResult(terminal, result, options.json === true)
    },
  }
  addDemoCommand(program, setup)
  addLocalCommands(program, setup)
  addKeyCommands(program, setup)
  addSignCommands(program, setup)
  addSendCommands(program, setup)
  addSweepCommand(program, setup)
  addDeployCommand(program, setup)
  addStackCommands(program, setup)
  addDestroyCommand(program, setup)
  addAccessCommands(program, setup)
  addLedgerCommands(program, setup)
  addVersionCommand(program, setup)
  program.addHelpText(
    'after',
    examples(
      'keyward demo',
      'keyward local',
      'eval "$(keyward env)"',
      'keyward key address',
      'keyward sign message --in message.txt',
    ),
  )
  return program
}

/** `--password=…` is no option, and is not to be repeated as one. */
function maskUsage(text: string): string {
  return text
    .replace(/'[^\n]*'/g, maskSecrets)
    .replace(/(unknown option '-[^'=\n]*)=[^\n]*/, "$1=…'")
}

function addVersionCommand(program: Command, { finish }: Setup): void {
  program
    .command('version')
    .description('print the version')
    .option('--json', 'print one line of JSON')
    .addHelpText('after', examples('keyward version', 'keyward version --json'))
    .action((options: { json?: true }) =>
      finish({ data: { version: version() }, text: version() }, options),
    )
}
