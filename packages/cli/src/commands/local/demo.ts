import { Command } from 'commander'
import type { Json } from '../../program/Setup.js'
import { examples, type Setup } from '../../program/Setup.js'

export function demoCommand({ terminal }: Setup): Command {
  return new Command('demo')
    .description('sign and mine two transactions on a home of its own')
    .option('--stay', 'keep everything running until Ctrl-C')
    .option('--json', 'print one line of JSON as the last line')
    .addHelpText(
      'after',
      `\nNeeds no AWS account, and leaves nothing behind.${examples(
        'keyward demo',
        'keyward demo --stay',
        'keyward demo --json',
      )}`,
    )
    .action(async (options: { stay?: true } & Json) => {
      const { runDemo } = await import('./runDemo.js')
      await runDemo(terminal, {
        stay: options.stay === true,
        json: options.json === true,
      })
    })
}
