import type { ImportChoices } from '@keyward/toolkit/import'
import { type Command, InvalidArgumentError, Option } from 'commander'
import type { PrivateKeyFlags } from '../commands/withPrivateKey.js'
import { addWayOptions } from './addWayOptions.js'
import { keyOption } from './keyOption.js'
import { passwordFdOption } from './passwordFdOption.js'
import { addRoleOptions, type RoleFlags, toGivenRoles } from './roleOptions.js'
import { examples, type Setup } from './Setup.js'
import { usageError } from './usageError.js'

/** Flags of `key import` and `key reimport`. */
export type ImportFlags = PrivateKeyFlags &
  ImportChoices & { key?: string; json?: true }

type CreateFlags = RoleFlags & { create?: true; alias?: string }

export function addImportCommands(key: Command, setup: Setup): void {
  const { terminal, finish } = setup
  const bring = importCommand(
    'import',
    'bring your own private key into a KMS key',
  )
    .addOption(
      new Option(
        '--create',
        'create the KMS key, or go on with the one made before',
      ).conflicts('key'),
    )
    .option('--alias <name>', 'with --create: name the key')
  addRoleOptions(bring)
    .addHelpText(
      'after',
      `
The key in KMS is one of origin EXTERNAL, such as the deployed stack's, or with
--create a new one, with the strict policy (--admin to --import-expiration; you
administer and import unless you say otherwise). What it signs for is compared
before and after. Run again after any failure: it goes on from there.
Calls kms:DescribeKey, kms:ListResourceTags, kms:GetPublicKey,
kms:GetParametersForImport, kms:ImportKeyMaterial; kms:Sign where it is allowed;
with --create kms:CreateKey, kms:TagResource, kms:ListKeys; for a name
kms:CreateAlias.${examples(
        'keyward key import --in key.pem --key alias/treasury --expect-address 0x…',
        'keyward key import --in keystore.json --key alias/treasury',
        'keyward key import --in - --key alias/treasury < phrase.txt',
        'keyward key import --in key.pem --key alias/treasury --dry-run',
        'keyward key import --in key.pem --backup backup.json --create --alias treasury --user arn:aws:iam::123456789012:role/payer',
      )}`,
    )
    .action(async (flags: ImportFlags & CreateFlags) => {
      const { importKey } = await import('../commands/keyImport.js')
      if (!flags.create && (flags.alias !== undefined || hasRoles(flags)))
        usageError(
          terminal,
          '--alias and the flags that name roles go with --create: a key that exists keeps its name and policy.',
        )
      const into = flags.create
        ? { alias: flags.alias, given: toGivenRoles(flags) }
        : { keyId: keyOption(terminal, flags.key) }
      await finish(await importKey(terminal, flags, into), flags)
    })

  importCommand(
    'reimport',
    'import the same key again, after deletion or expiry',
  )
    .addHelpText(
      'after',
      `
A KMS key takes only the key material that it got first. With --valid-to it
gets a new expiry, without it none.
Calls what key import calls.${examples(
        'keyward key reimport --in backup.json --key alias/treasury',
        'keyward key reimport --in key.pem --key alias/treasury --valid-to 2027-06-30',
      )}`,
    )
    .action(async (flags: ImportFlags) => {
      const { reimportKey } = await import('../commands/keyReimport.js')
      const keyId = keyOption(terminal, flags.key)
      await finish(await reimportKey(terminal, flags, keyId), flags)
    })

  function importCommand(name: string, description: string): Command {
    const command = key
      .command(name)
      .description(description)
      .option('--key <key>', 'key id, key ARN or alias (else AWS_KMS_KEY_ID)')
    return addWayOptions(command)
      .addOption(
        new Option('--valid-to <time>', 'when the material expires').argParser(
          parseTime,
        ),
      )
      .option('--receipt <file>', 'where the receipt goes, else this folder')
      .option(
        '--backup <file>',
        'write an encrypted keystore first, and check it',
      )
      .option('--no-backup', 'say that there is a backup')
      .addOption(
        passwordFdOption(
          '--backup-password-fd <n>',
          "read the backup's password from this file descriptor, its first line",
        ),
      )
      .option('--shred', 'overwrite and remove the key file when all is done')
      .option('--dry-run', 'check everything and send nothing')
      .option('-y, --yes', "don't ask before importing into AWS")
      .option('--json', 'print one line of JSON')
  }
}

function hasRoles(flags: RoleFlags): boolean {
  return Object.keys(toGivenRoles(flags)).length > 0
}

const longestMs = 365 * 24 * 60 * 60 * 1000

/** A day, which ends at midnight UTC, or a time. */
function parseTime(text: string): Date {
  const isTime =
    /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d))?$/
  const time = isTime.test(text) ? new Date(text) : new Date(Number.NaN)
  // A 30th of February would count on into March.
  const [day = ''] = text.split('T')
  if (
    Number.isNaN(time.getTime()) ||
    new Date(day).toISOString().slice(0, 10) !== day
  )
    throw new InvalidArgumentError(
      'Give a day such as 2027-06-30, or a time with its zone, such as 2027-06-30T12:00:00Z.',
    )
  if (time.getTime() <= Date.now() || time.getTime() > Date.now() + longestMs)
    throw new InvalidArgumentError(
      'Key material may be valid until any time in the next 365 days.',
    )
  return time
}
