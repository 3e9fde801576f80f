import { version } from '@keyward/toolkit'
import { Command } from 'commander'
import { examples, type Setup } from '../program/Setup.js'

export function versionCommand({ finish }: Setup): Command {
  return new Command('version')
    .description('print the version')
    .option('--json', 'print one line of JSON')
    .addHelpText('after', examples('keyward version', 'keyward version --json'))
    .action((options) =>
      finish({ data: { version: version() }, text: version() }, options),
    )
}
