import type { Command } from 'commander'
import { numberOption } from './numberOption.js'
import { examples, type Setup } from './Setup.js'

/** Bad days on demand, as given; what isn't given stays as it is. */
export type FaultOptions = {
  kmsLatency?: number
  kmsThrottle?: number
  kmsErrorRate?: number
  clockSkew?: number
}

export type LocalOptions = FaultOptions & {
  port: number
  chainPort: number
  dataDir: string
  chain: boolean
  assembly?: string
  /** A name; false with --no-stack; true when neither is given. */
  stack?: string | boolean
  reset?: true
  json?: true
}

type EnvOptions = {
  dataDir: string
  as: string
  profiles?: true
  json?: true
}

const dataDirHelp = 'folder of the home: keys, credentials, chain'

export function addLocalCommands(program: Command, setup: Setup): void {
  const { terminal, finish } = setup
  const local = program
    .command('local')
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
    .option('--data-dir <folder>', dataDirHelp, '.keyward')
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
    .option('--json', 'print one line of JSON when everything is up')
  addFaultOptions(local)
  local
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
      const { local: run } = await import('../commands/local.js')
      await run(terminal, options)
    })

  const faults = local
    .command('faults')
    .description('show or change the bad days of a home that runs')
    .option('--data-dir <folder>', dataDirHelp, '.keyward')
    .option('--json', 'print one line of JSON')
  addFaultOptions(faults)
  faults
    .addHelpText(
      'after',
      examples(
        'keyward local faults',
        'keyward local faults --kms-throttle 10',
        'keyward local faults --kms-throttle 0 --clock-skew 0',
      ),
    )
    .action(
      async (options: FaultOptions & { dataDir: string; json?: true }) => {
        const { localFaults } = await import('../commands/localFaults.js')
        await finish(await localFaults(terminal, options), options)
      },
    )

  program
    .command('env')
    .description('print what a shell needs to talk to the local home')
    .option('--data-dir <folder>', dataDirHelp, '.keyward')
    .option(
      '--as <principal>',
      'operator, admin, user, importer, break-glass, root or an ARN',
      'user',
    )
    .option('--profiles', 'also write an AWS profile for each of these names')
    .option('--json', 'print one line of JSON')
    .addHelpText(
      'after',
      examples(
        'eval "$(keyward env)"',
        'eval "$(keyward env --as admin)"',
        'eval "$(keyward env --as operator --profiles)"',
        'keyward env --data-dir /tmp/home --json',
      ),
    )
    .action(async (options: EnvOptions) => {
      const { env } = await import('../commands/env.js')
      const profiles = options.profiles === true
      await finish(await env({ ...options, profiles }), options)
    })
}

const port = { min: 0, max: 65535, integer: true }

function addFaultOptions(command: Command): void {
  command
    .addOption(
      numberOption('--kms-latency <ms>', 'KMS answers this much later', {
        min: 0,
        max: 600_000,
        integer: true,
      }),
    )
    .addOption(
      numberOption(
        '--kms-throttle <n>',
        'KMS throttles above so many signatures a second; 0 for never',
        { min: 0, max: 1_000_000, integer: true },
      ),
    )
    .addOption(
      numberOption('--kms-error-rate <p>', 'share of KMS calls that fail', {
        min: 0,
        max: 1,
        integer: false,
      }),
    )
    .addOption(
      numberOption('--clock-skew <seconds>', "the home's clock goes wrong by", {
        min: -31_536_000,
        max: 31_536_000,
        integer: true,
      }),
    )
}
