import type { Command } from 'commander'
import { examples, type Setup } from './Setup.js'

export function addDemoCommand(program: Command, setup: Setup): void {
  program
    .command('demo')
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
    .action(async (options: { stay?: true; json?: true }) => {
      const { demo } = await import('../commands/demo.js')
      await demo(setup.terminal, {
        stay: options.stay === true,
        json: options.json === true,
      })
    })
}
