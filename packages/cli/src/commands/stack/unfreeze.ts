import { Command, InvalidArgumentError, Option } from 'commander'
import type { Json, Unsure } from '../../program/Setup.js'
import { examples, type Setup } from '../../program/Setup.js'
import { stackHelp } from '../../program/stackHelp.js'
import type { UnfreezeOptions } from './unfreezeStack.js'

export function unfreezeCommand({ terminal, finish }: Setup): Command {
  return new Command('unfreeze')
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
    .action(async ({ yes, ...options }: Unsure<UnfreezeOptions> & Json) => {
      const { unfreezeStack } = await import('./unfreezeStack.js')
      const result = await unfreezeStack(terminal, {
        ...options,
        yes: yes === true,
      })
      await finish(result, options)
    })
}

function concurrency(text: string): number | null {
  if (text === 'none') return null
  if (/^\d{1,6}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('Give a whole number, or none.')
}
