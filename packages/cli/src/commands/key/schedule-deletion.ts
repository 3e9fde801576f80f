import type { Command } from 'commander'
import { keyOption } from '../../program/keyOption.js'
import { numberOption } from '../../program/numberOption.js'
import type { Json } from '../../program/Setup.js'
import { examples, type Setup } from '../../program/Setup.js'
import { createKeyCommand } from './createKeyCommand.js'

type Flags = Json & { key?: string; yes?: true; days: number }

export function scheduleDeletionCommand({ terminal, finish }: Setup): Command {
  return createKeyCommand(
    'schedule-deletion',
    'have KMS delete a key for good, after some days',
  )
    .addOption(
      numberOption('--days <n>', 'the waiting period', {
        min: 7,
        max: 30,
        integer: true,
      }).default(30),
    )
    .option('-y, --yes', "don't ask before scheduling it in AWS")
    .addHelpText(
      'after',
      `
The key signs no more, at once; until the day it can be saved. Calls
kms:DescribeKey, kms:ScheduleKeyDeletion; for the address kms:GetPublicKey or
kms:ListResourceTags.${examples(
        'keyward key schedule-deletion alias/old',
        'keyward key schedule-deletion alias/old --days 7 --yes',
      )}`,
    )
    .action(async (argument: string | undefined, flags: Flags) => {
      const { scheduleDeletion } = await import('./scheduleDeletion.js')
      const keyId = keyOption(terminal, argument ?? flags.key)
      const request = { keyId, days: flags.days, yes: flags.yes === true }
      await finish(await scheduleDeletion(terminal, request), flags)
    })
}
