import { Command } from 'commander'
import type { Json } from '../../program/Setup.js'
import { examples, type Setup } from '../../program/Setup.js'

export function envCommand({ finish }: Setup): Command {
  return new Command('env')
    .description('print what a shell needs to talk to the local home')
    .option(
      '--data-dir <folder>',
      'folder of the home: keys, credentials, chain',
      '.keyward',
    )
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
    .action(
      async (
        options: { dataDir: string; as: string; profiles?: true } & Json,
      ) => {
        const { printEnvironment } = await import('./printEnvironment.js')
        const profiles = options.profiles === true
        await finish(await printEnvironment({ ...options, profiles }), options)
      },
    )
}
