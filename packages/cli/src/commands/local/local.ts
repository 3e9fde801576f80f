import { Command, Option } from 'commander'
import { numberOption } from '../../program/numberOption.js'
import { examples, type Setup } from '../../program/Setup.js'
import { addFaultOptions } from './addFaultOptions.js'
import type { LocalOptions } from './runLocal.js'

const port = { min: 0, max: 65535, integer: true }

export function localCommand({ terminal }: Setup): Command {
  const command = new Command('local')
    .description('run AWS KMS, AWS Lambda and a chain on this machine')
    // `local faults` has the same flags as `local`; each keeps its own.
    .enablePositionalOptions()
    .addOption(
      numberOption(
        '--port <port>',
        'port of the AWS endpoint; 0 for a free one',
        port,
      )
        .default(4566)
        .env('KEYWARD_PORT'),
    )
    .addOption(
      numberOption(
        '--chain-port <port>',
        'port of the chain; 0 for a free one',
        port,
      )
        .default(8545)
        .env('KEYWARD_CHAIN_PORT'),
    )
    .option(
      '--data-dir <folder>',
      'folder of the home: keys, credentials, chain',
      '.keyward',
    )
    .option('--no-chain', 'run without a chain')
    .option(
      '--assembly <folder>',
      'load this assembly of cdk synth instead of the stack keyward-dev',
    )
    .option('--stack <name>', 'which stack of the assembly')
    .option('--no-stack', 'start without a stack, to deploy one')
    .option(
      '--reset',
      'forget what the folder holds, its keys too, and start anew',
    )
    .addOption(
      new Option(
        '--aws-strict',
        'be as hard as AWS can be: late reads, throttling, frozen functions',
      ).env('KEYWARD_AWS_STRICT'),
    )
    .option('--json', 'print one line of JSON when everything is up')
  return addFaultOptions(command)
    .addHelpText(
      'after',
      `\nRuns until Ctrl-C; keys and chain are kept in the folder.${examples(
        'keyward local',
        'keyward local --port 0 --chain-port 0 --json',
        'keyward local --kms-latency 50 --kms-error-rate 0.1',
        'keyward local --assembly cdk.out',
        'keyward local --no-stack',
      )}`,
    )
    .action(async (options: LocalOptions) => {
      const { runLocal } = await import('./runLocal.js')
      await runLocal(terminal, options)
    })
}
