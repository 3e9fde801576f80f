import { Command } from 'commander'
import { numberOption } from '../../program/numberOption.js'
import type { Json } from '../../program/Setup.js'
import { examples, type Setup } from '../../program/Setup.js'
import { addSenderOptions, permissions } from '../../program/senderOptions.js'
import type { ListOptions } from './listTransactions.js'

export function listCommand({ terminal, finish }: Setup): Command {
  return addSenderOptions(
    new Command('list').description('yours, newest first'),
  )
    .addOption(
      numberOption('--limit <n>', 'how many (default: 20)', {
        min: 1,
        max: 100,
        integer: true,
      }),
    )
    .option('--after <next>', 'where the page before ended')
    .option('--status <status>', 'only these, such as sent or mined')
    .addHelpText(
      'after',
      `${permissions}${examples('keyward tx list', 'keyward tx list --status sent --json')}`,
    )
    .action(async (options: ListOptions & Json) => {
      const { listTransactions } = await import('./listTransactions.js')
      await finish(await listTransactions(terminal, options), options)
    })
}
