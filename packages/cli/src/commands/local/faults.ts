import { Command } from 'commander'
import type { Json } from '../../program/Setup.js'
import { examples, type Setup } from '../../program/Setup.js'
import { addFaultOptions } from './addFaultOptions.js'
import type { FaultOptions } from './toFaults.js'

export function faultsCommand({ terminal, finish }: Setup): Command {
  return addFaultOptions(
    new Command('faults')
      .description('show or change the bad days of a home that runs')
      .option(
        '--data-dir <folder>',
        'folder of the home: keys, credentials, chain',
        '.keyward',
      )
      .option('--json', 'print one line of JSON'),
  )
    .addHelpText(
      'after',
      examples(
        'keyward local faults',
        'keyward local faults --kms-throttle 10',
        'keyward local faults --kms-throttle 0 --clock-skew 0',
      ),
    )
    .action(async (options: FaultOptions & { dataDir: string } & Json) => {
      const { changeFaults } = await import('./changeFaults.js')
      await finish(await changeFaults(terminal, options), options)
    })
}
