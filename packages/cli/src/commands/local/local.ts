import { InputError, quote } from '@keyward/core/errors'
import { reading } from '@keyward/toolkit'
import { Option } from 'commander'
import { define } from '../../program/define.js'
import {
  choice,
  defaulting,
  type Input,
  number,
  text,
  toggle,
} from '../../program/Input.js'
import { verbose } from '../../program/inputs.js'
import { faultInputs } from './faultInputs.js'
import { runLocal } from './runLocal.js'
import { dataDir } from './runningHome.js'

function port(flag: string, of: string, usual: number, variable: string) {
  const input = number(flag, `port of ${of}; 0 for any free port`, {
    min: 0,
    max: 65_535,
  })
  if (input.declared instanceof Option) input.declared.env(variable)
  return defaulting(input, usual)
}

/** Name of the stack; false with --no-stack. */
const stack: Input<string | false | undefined> = {
  declared: new Option('--stack <name>', 'which stack of the assembly to load'),
  read: (typed) => (typed === true ? undefined : (typed as string | false)),
}

const strictFlag = new Option(
  '--aws-strict',
  'simulate difficult conditions on AWS: stale reads, throttling, frozen ' +
    'functions',
).env('KEYWARD_AWS_STRICT')
const awsStrict: Input<boolean> = {
  declared: strictFlag,
  read: (typed) => typed === true,
}

function parseAccountId(value: string): string {
  if (/^\d{12}$/.test(value)) return value
  throw new InputError(
    `--account-id ${quote(value)} is not an AWS account id.`,
    {
      details: 'Allowed: 12 digits.',
    },
  )
}

export const localCommand = define('local', {
  description: 'run AWS KMS, AWS Lambda and a chain on this machine',
  takes: {
    port: port('--port <port>', 'the AWS endpoint', 4566, 'KEYWARD_PORT'),
    chainPort: port(
      '--chain-port <port>',
      'the chain',
      8545,
      'KEYWARD_CHAIN_PORT',
    ),
    dataDir,
    chain: toggle('--no-chain', 'run without a chain'),
    assembly: text(
      '--assembly <folder>',
      'load this cdk synth assembly instead of the stack keyward-dev',
    ),
    stack,
    noStack: toggle('--no-stack', 'start without a stack, to deploy your own'),
    reset: toggle(
      '--reset',
      "delete the home's keys and chain, and start over",
    ),
    awsStrict,
    log: defaulting(
      choice('--log <format>', 'how to log requests', ['text', 'json']),
      'text',
    ),
    verbose,
    accountId: text(
      '--account-id <id>',
      "the home's AWS account id (default: 000000000000)",
      parseAccountId,
    ),
    ...faultInputs,
  },
  json: 'print one line of JSON when everything is running',
  help: `Runs until you press Ctrl-C. The keys and the chain are stored in the --data-dir
folder; the command also looks for that folder in parent folders. The stack's
key starts with 10,000 ETH.`,
  examples: [
    'keyward local',
    'keyward local --port 0 --chain-port 0',
    'keyward local --kms-latency 50 --kms-error-rate 0.1',
    'keyward local --assembly cdk.out',
    'keyward local --no-stack',
    'keyward local --no-stack --account-id 111111111111 --data-dir .other',
  ],
  async run(terminal, options) {
    // Checked before --reset deletes anything.
    await reading(() => assertTogether(options))
    await runLocal(terminal, options)
    return undefined
  },
})

type Chosen = {
  /** Name of the stack; false with --no-stack. */
  stack: string | false | undefined
  assembly: string | undefined
  accountId: string | undefined
}

/** @throws InputError */
function assertTogether({ assembly, stack, accountId }: Chosen): void {
  if (accountId !== undefined && assembly === undefined && stack !== false)
    throw new InputError('--account-id needs --assembly or --no-stack.', {
      details:
        'The stack keyward-dev names roles in the AWS account 000000000000. Pass --assembly with your own stack, or --no-stack.',
    })
  if (stack === false && assembly !== undefined)
    throw new InputError(
      "--no-stack and --assembly can't be used together, because --assembly loads a stack. Pass only one of them.",
    )
  if (typeof stack === 'string' && assembly === undefined)
    throw new InputError('--stack needs --assembly.', {
      details:
        '--stack names a stack in the assembly that --assembly loads. Add --assembly, or leave out --stack.',
    })
}
