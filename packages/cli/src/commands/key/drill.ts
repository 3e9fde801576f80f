import { Command } from 'commander'
import { addWayOptions } from '../../program/addWayOptions.js'
import type { Json } from '../../program/Setup.js'
import { examples, type Setup } from '../../program/Setup.js'
import type { DrillFlags } from './drillKey.js'

export function drillCommand({ terminal, finish }: Setup): Command {
  return addWayOptions(
    new Command('drill')
      .description('restore a backup into a second KMS key, check, delete it')
      .option('--key <key>', 'the key that the backup is of, to compare'),
  )
    .option('--as <arn>', 'your own role or user, where its path is not found')
    .option('-y, --yes', "don't ask before creating a key in AWS")
    .option('--json', 'print one line of JSON')
    .addHelpText(
      'after',
      `
The second key is for you alone, by its policy. Its material is deleted at once,
and the key itself as soon as KMS does so, in 7 days; a drill that is cut off
goes on when it is run again. A key costs 1 USD a month, reckoned by the hour,
and nothing while it waits for its deletion.
Calls kms:ListKeys, kms:ListResourceTags, kms:CreateKey, kms:TagResource, and on
the second key what its policy gives you; kms:GetPublicKey on --key.${examples(
        'keyward key drill --in backup.json',
        'keyward key drill --in backup.json --key alias/treasury --password-fd 3 3< password.txt',
      )}`,
    )
    .action(async (flags: DrillFlags & Json) => {
      const { drillKey } = await import('./drillKey.js')
      await finish(await drillKey(terminal, flags), flags)
    })
}
