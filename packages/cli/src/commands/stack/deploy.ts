import { Command, Option } from 'commander'
import { numberOption } from '../../program/numberOption.js'
import { repeated } from '../../program/repeated.js'
import type { Json, Unsure } from '../../program/Setup.js'
import { examples, type Setup } from '../../program/Setup.js'
import type { DeployOptions } from './deployStack.js'

export function deployCommand({ terminal, finish }: Setup): Command {
  return new Command('deploy')
    .description('make the stack (key, policy, functions), or change it')
    .option(
      '--stack <name>',
      'name of the stack (default: keyward; in the local home keyward-dev)',
    )
    .option('--network <name>', 'chain: its name, or its id in decimal')
    .option(
      '--admin <arn>',
      'who looks after the key; may be repeated',
      repeated,
    )
    .option('--user <arn>', 'who signs, beside the functions', repeated)
    .option('--importer <arn>', 'who imports key material', repeated)
    .option('--break-glass <arn>', 'who may delete the key', repeated)
    .option(
      '--deployer <arn>',
      "who deploys (default: the CDK's role)",
      repeated,
    )
    .option(
      '--invoker <alias=arn>',
      'who calls the functions, by alias',
      repeated,
    )
    .option('--alias <name>', 'of the key (default: alias/ and the stack)')
    .addOption(
      new Option('--origin <origin>', 'who makes the private key').choices([
        'AWS_KMS',
        'EXTERNAL',
      ]),
    )
    .option('--address <address>', 'the account that the key must have')
    .option('--existing-key-arn <arn>', 'functions only, for this key')
    .option(
      '--existing-ledger <table>',
      'go on with this ledger; it is then protected',
    )
    .option(
      '--ledger-writer <arn>',
      'who writes the ledger, beside the functions',
      repeated,
    )
    .option(
      '--new-ledger [count]',
      'the ledger begins here, though the account has sent before',
    )
    .option(
      '--rpc-url <url>',
      'node to read that count from (else RPC_URL, ETH_RPC_URL, rpcUrl)',
    )
    .option(
      '--max-foreign <n>',
      "others' transactions at once before sending stops, or unlimited",
    )
    .addOption(
      new Option('--log-level <level>', 'of the functions').choices([
        'DEBUG',
        'INFO',
        'WARN',
        'ERROR',
      ]),
    )
    .option('--max-fee <ether>', 'refuse transactions whose fee may be more')
    .addOption(
      numberOption('--concurrency <n>', 'executions at once; 0 stops', {
        min: 0,
        max: 1_000_000,
        integer: true,
      }),
    )
    .option('-c, --context <name=value>', 'any other setting', repeated)
    .option('--settings <file>', 'settings as JSON; flags win')
    .option('--allow-new-account', 'let another key take the place of this one')
    .option('--dry-run', 'show what would change, and change nothing')
    .option('-y, --yes', "don't ask before changing AWS")
    .option('--json', 'print one line of JSON')
    .addHelpText(
      'after',
      `\nSettings that are not given stay as the last deployment made them; an empty
one (-c logLevel=) goes back to its default, and a pin is never taken away. In
the local home none is needed. The address of a key that AWS makes is deployed
as the pin; exit 3 when it could not be read.

Needs the account bootstrapped (npx cdk bootstrap), and sts:AssumeRole on the
CDK's roles, or what they may; kms:GetPublicKey or lambda:InvokeFunction. With
--existing-ledger what keyward ledger protect needs.

An account that has sent before needs the ledger that knows it
(--existing-ledger), or --new-ledger: its count is read, shown, and has to stay
the same until the first request. Later it means nothing.${examples(
        'keyward deploy',
        'keyward deploy --network sepolia --admin arn:aws:iam::111122223333:role/ops',
        'keyward deploy --log-level DEBUG',
        'keyward deploy --settings treasury.json --stack treasury --dry-run',
        'keyward deploy --existing-key-arn arn:aws:kms:… --address 0x…',
        'keyward deploy --stack treasury --new-ledger --rpc-url https://rpc.example.org',
      )}`,
    )
    .action(
      async (
        options: Unsure<Omit<DeployOptions, 'context'>> & {
          context?: string[]
        } & Json,
      ) => {
        const { deployStack } = await import('./deployStack.js')
        const { context = [], allowNewAccount, dryRun, yes } = options
        const result = await deployStack(terminal, {
          ...options,
          context,
          allowNewAccount: allowNewAccount === true,
          dryRun: dryRun === true,
          yes: yes === true,
        })
        await finish(result, options)
      },
    )
}
