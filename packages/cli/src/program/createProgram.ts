import { maskSecrets } from '@keyward/core/errors'
import { version, wrapLines } from '@keyward/toolkit'
import { Command, Help } from 'commander'
import { accessCommands } from '../commands/access/index.js'
import { balanceCommand } from '../commands/account/balance.js'
import { completionCommand } from '../commands/help/completion.js'
import { explainCommand } from '../commands/help/explain.js'
import { helpCommand } from '../commands/help/help.js'
import { keyCommands } from '../commands/key/index.js'
import { ledgerCommands } from '../commands/ledger/index.js'
import { demoCommand } from '../commands/local/demo.js'
import { envCommand } from '../commands/local/env.js'
import { faultsCommand } from '../commands/local/faults.js'
import { fundCommand } from '../commands/local/fund.js'
import { localCommand } from '../commands/local/local.js'
import { policyCommands } from '../commands/policy/index.js'
import { safeCommands } from '../commands/safe/index.js'
import { signCommands } from '../commands/sign/index.js'
import { verifyCommand } from '../commands/sign/verify.js'
import { deployCommand } from '../commands/stack/deploy.js'
import { destroyCommand } from '../commands/stack/destroy.js'
import { doctorCommand } from '../commands/stack/doctor.js'
import { freezeCommand } from '../commands/stack/freeze.js'
import { statusCommand } from '../commands/stack/status.js'
import { unfreezeCommand } from '../commands/stack/unfreeze.js'
import { txCommands } from '../commands/tx/index.js'
import { sendCommand } from '../commands/tx/send.js'
import { sweepCommand } from '../commands/tx/sweep.js'
import { versionCommand } from '../commands/version.js'
import { refuseSecrets } from '../input/refuseSecrets.js'
import { printResult } from '../output/Result.js'
import type { Terminal } from '../terminal/Terminal.js'
import { exampleText } from './define.js'
import type { Setup } from './Setup.js'

/**
 * The command line as a commander program. It contains only definitions: a
 * command imports its dependencies when it runs, so that `--help` is fast.
 */
export function createProgram(
  terminal: Terminal,
  setExitCode: (code: number) => void,
): Command {
  const program = new Command('keyward')
    .description('Sign for Ethereum with keys that never leave AWS KMS.')
    .version(version(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print the help for this command')
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(text),
      writeErr: (text) => terminal.stderr.write(text),
      // commander quotes unknown arguments, which may be a key in the wrong
      // place.
      outputError: (text, write) =>
        write(wrapLines(maskUsage(text), terminal.stderr.columns)),
    })
    .configureHelp({
      // Nearly all commands have options, so [options] would tell nothing.
      subcommandTerm: (command) =>
        new Help().subcommandTerm(command).replace(' [options]', ''),
    })
    .hook('preAction', (_, command) => refuseSecrets(terminal, command))
    .exitOverride()
    .enablePositionalOptions()
    .showHelpAfterError('Add --help to see the available commands and flags.')
  const setup: Setup = {
    terminal,
    async finish(result, json) {
      setExitCode(result.exitCode ?? 0)
      await printResult(terminal, result, json)
    },
  }
  const group = (
    name: string,
    description: string,
    commands: Command[],
    examples: readonly string[] = [],
  ) => {
    const parent = new Command(name).description(description)
    if (examples.length > 0) parent.addHelpText('after', exampleText(examples))
    return add(parent, ...commands)
  }
  const groups: readonly (readonly [string, ...Command[]])[] = [
    [
      'Try it:',
      demoCommand(setup),
      // `local faults` has some of the same flags as `local`. Each command
      // keeps its own.
      add(localCommand(setup).enablePositionalOptions(), faultsCommand(setup)),
      envCommand(setup),
      fundCommand(setup),
    ],
    [
      'Stacks:',
      deployCommand(setup),
      statusCommand(setup),
      doctorCommand(setup),
      freezeCommand(setup),
      unfreezeCommand(setup),
      destroyCommand(setup),
    ],
    [
      'Money:',
      sendCommand(setup),
      group(
        'tx',
        'show, speed up and cancel transactions; repair the ledger',
        txCommands(setup),
        ['keyward tx list', 'keyward tx watch order-17'],
      ),
      balanceCommand(setup),
      sweepCommand(setup),
      group(
        'safe',
        'manage a Safe (multisig) whose owners are keys in KMS',
        safeCommands(setup),
        [
          'keyward safe adopt 0x5aFE…0001 --safe-file treasury.safe.json',
          'keyward safe status --safe-file treasury.safe.json --in payment.json',
        ],
      ),
    ],
    [
      'Keys and signatures:',
      group('key', 'create, import and manage keys in KMS', keyCommands(setup)),
      group(
        'sign',
        'sign a transaction, message, typed data or authorization',
        signCommands(setup),
      ),
      verifyCommand(setup),
    ],
    [
      'Who can do what:',
      group(
        'access',
        'show who can do what with a key, and find weaknesses',
        accessCommands(setup),
      ),
      group(
        'policy',
        'write, check and test policies, which limit what a key may sign',
        policyCommands(setup),
        [
          'keyward policy init payouts --out payouts.json',
          'keyward policy check payouts.json --request request.json',
        ],
      ),
      group('ledger', "protect a ledger's table", ledgerCommands(setup)),
    ],
    [
      'Help:',
      helpCommand(() => program)(setup),
      explainCommand(setup),
      completionCommand(() => program)(setup),
      versionCommand(setup),
    ],
  ]
  program.helpCommand(false)
  for (const [heading, ...commands] of groups)
    add(program, ...commands.map((each) => each.helpGroup(heading)))
  inherit(program)
  program.addHelpText(
    'after',
    exampleText([
      'keyward demo',
      'keyward local',
      'eval "$(keyward env)"',
      'keyward key address',
      'keyward sign message --in message.txt',
    ]),
  )
  return program
}

function add(parent: Command, ...commands: Command[]): Command {
  for (const command of commands) parent.addCommand(command)
  return parent
}

/**
 * Copies the output and exit settings of the program, which separately created
 * commands don't inherit.
 */
function inherit(parent: Command): void {
  for (const command of parent.commands) {
    command.copyInheritedSettings(parent)
    inherit(command)
  }
}

/** `--password=…` is not a flag, and its value must not be repeated. */
export function maskUsage(text: string): string {
  return text
    .replace(/'[^\n]*'/g, maskSecrets)
    .replace(/(unknown option '-[^'=\n]*)=[^\n]*/, "$1=…'")
}
