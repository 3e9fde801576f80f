import { type Command, InvalidArgumentError, Option } from 'commander'
import { examples, type Setup } from './Setup.js'

type StatusOptions = {
  stack?: string
  rpcUrl?: string
  access?: true
  json?: true
}
type UnfreezeOptions = {
  stack?: string
  concurrency?: number | null
  yes?: true
  json?: true
}

const stackHelp =
  'name of the stack (default: keyward; in the local home keyward-dev)'

export function addStackCommands(program: Command, setup: Setup): void {
  const { terminal, finish } = setup

  program
    .command('status')
    .description('show a stack: key, address, pin, functions, funds')
    .option('--stack <name>', stackHelp)
    .option('--rpc-url <url>', 'node to ask (else RPC_URL, ETH_RPC_URL)')
    .option('--access', 'also tell who may do what with the key')
    .option('--json', 'print one line of JSON')
    .addHelpText(
      'after',
      `\nWhat you may not see is shown as such. Calls cloudformation:DescribeStacks,
cloudformation:ListStackResources, cloudformation:GetTemplate,
lambda:GetFunctionConfiguration, lambda:GetFunctionConcurrency, kms:DescribeKey,
kms:GetPublicKey or lambda:InvokeFunction; for --access kms:GetKeyPolicy.${examples(
        'keyward status',
        'keyward status --access',
        'keyward status --stack treasury --rpc-url https://rpc.example.org',
        'keyward status --json',
      )}`,
    )
    .action(async (options: StatusOptions) => {
      const { status } = await import('../commands/status.js')
      const access = options.access === true
      await finish(await status(terminal, { ...options, access }), options)
    })

  program
    .command('freeze')
    .description('emergency stop: no function runs, the key is disabled')
    .option('--stack <name>', stackHelp)
    .option('--json', 'print one line of JSON')
    .addHelpText(
      'after',
      `\nAsks nothing; unfreeze takes it back. Every part is tried; exit 3 when one is
left to another principal. Calls lambda:PutFunctionConcurrency (and
GetFunctionConcurrency), kms:DisableKey (and DescribeKey),
cloudformation:DescribeStacks, ListStackResources, GetTemplate.${examples(
        'keyward freeze',
        'keyward freeze --stack treasury --json',
      )}`,
    )
    .action(async (options: { stack?: string; json?: true }) => {
      const { freeze } = await import('../commands/freeze.js')
      await finish(await freeze(terminal, options), options)
    })

  program
    .command('unfreeze')
    .description('take freeze back: the key is enabled, the functions run')
    .option('--stack <name>', stackHelp)
    .addOption(
      new Option(
        '--concurrency <n>',
        "executions at once, or none for no limit (default: the template's)",
      ).argParser(concurrency),
    )
    .option('-y, --yes', "don't ask before, in AWS")
    .option('--json', 'print one line of JSON')
    .addHelpText(
      'after',
      `\nEvery part is tried; exit 3 when one is left to another principal. Calls
lambda:PutFunctionConcurrency or DeleteFunctionConcurrency, kms:EnableKey (and
DescribeKey), cloudformation:DescribeStacks, ListStackResources, GetTemplate.${examples(
        'keyward unfreeze',
        'keyward unfreeze --stack treasury --yes',
        'keyward unfreeze --concurrency none',
      )}`,
    )
    .action(async ({ yes, ...options }: UnfreezeOptions) => {
      const { unfreeze } = await import('../commands/unfreeze.js')
      const result = await unfreeze(terminal, { ...options, yes: yes === true })
      await finish(result, options)
    })
}

function concurrency(text: string): number | null {
  if (text === 'none') return null
  if (/^\d{1,6}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('Give a whole number, or none.')
}
