import type { Command } from 'commander'
import { keyOption } from './keyOption.js'
import { numberOption } from './numberOption.js'
import { examples, type Setup } from './Setup.js'

type LifeFlags = { key?: string; yes?: true; json?: true }

/** The end of a key, and of its material; and how it is stopped. */
export function addKeyLifeCommands(key: Command, setup: Setup): void {
  const { terminal, finish } = setup

  define('delete-material', 'delete the imported key material of a key')
    .option('-y, --yes', "don't ask before deleting it in AWS")
    .addHelpText(
      'after',
      `
The key signs no more, at once. Only the same private key, imported again,
brings it back. Calls kms:DescribeKey, kms:DeleteImportedKeyMaterial; for the
address kms:GetPublicKey or kms:ListResourceTags.${examples(
        'keyward key delete-material alias/treasury',
        'keyward key delete-material alias/treasury --yes --json',
      )}`,
    )
    .action(async (argument: string | undefined, flags: LifeFlags) => {
      const { deleteMaterial } = await import(
        '../commands/keyDeleteMaterial.js'
      )
      const keyId = keyOption(terminal, argument ?? flags.key)
      const yes = flags.yes === true
      await finish(await deleteMaterial(terminal, { keyId, yes }), flags)
    })

  define('schedule-deletion', 'have KMS delete a key for good, after some days')
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
    .action(
      async (
        argument: string | undefined,
        flags: LifeFlags & { days: number },
      ) => {
        const { scheduleDeletion } = await import(
          '../commands/keyScheduleDeletion.js'
        )
        const keyId = keyOption(terminal, argument ?? flags.key)
        const request = { keyId, days: flags.days, yes: flags.yes === true }
        await finish(await scheduleDeletion(terminal, request), flags)
      },
    )

  define('cancel-deletion', 'save a key that was to be deleted')
    .addHelpText(
      'after',
      `
The key comes back disabled. Calls kms:DescribeKey, kms:CancelKeyDeletion; for
the address kms:ListResourceTags.${examples(
        'keyward key cancel-deletion 1234abcd-12ab-34cd-56ef-1234567890ab',
      )}`,
    )
    .action(async (argument: string | undefined, flags: LifeFlags) => {
      const { cancelDeletion } = await import(
        '../commands/keyCancelDeletion.js'
      )
      const keyId = keyOption(terminal, argument ?? flags.key)
      await finish(await cancelDeletion(terminal, { keyId }), flags)
    })

  function define(name: string, description: string): Command {
    return key
      .command(name)
      .description(description)
      .argument('[key]', 'key id, key ARN or alias (else AWS_KMS_KEY_ID)')
      .option('--key <key>', 'the key, as in other commands')
      .option('--json', 'print one line of JSON')
  }
}
