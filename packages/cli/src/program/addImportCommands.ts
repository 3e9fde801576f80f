import { type Command, InvalidArgumentError, Option } from 'commander'
import type { BackupFlags } from '../import/planBackup.js'
import type { WrappingFlags } from '../import/toWrapping.js'
import { addSourceOptions, type SourceFlags } from './addSourceOptions.js'
import { keyOption } from './keyOption.js'
import { passwordFdOption } from './passwordFdOption.js'
import { examples, type Setup } from './Setup.js'

/** Flags of `key import` and `key reimport`. */
export type ImportFlags = SourceFlags &
  WrappingFlags &
  BackupFlags & {
    key?: string
    expectAddress?: string
    validTo?: Date
    endpointHost?: string
    receipt?: string
    dryRun?: true
    yes?: true
    json?: true
  }

export function addImportCommands(key: Command, setup: Setup): void {
  const { terminal, finish } = setup
  importCommand('import', 'bring your own private key into a KMS key')
    .addHelpText(
      'after',
      `
The key in KMS is one of origin EXTERNAL, such as the deployed stack's. What it
signs for is compared before and after. Run again after any failure: it goes on
from there.
Calls kms:DescribeKey, kms:ListResourceTags, kms:GetPublicKey,
kms:GetParametersForImport, kms:ImportKeyMaterial; kms:Sign where it is allowed.${examples(
        'keyward key import --in key.pem --key alias/treasury --expect-address 0x…',
        'keyward key import --in keystore.json --key alias/treasury',
        'keyward key import --in - --key alias/treasury < phrase.txt',
        'keyward key import --in key.pem --key alias/treasury --dry-run',
      )}`,
    )
    .action(async (flags: ImportFlags) => {
      const { importKey } = await import('../commands/keyImport.js')
      const keyId = keyOption(terminal, flags.key)
      await finish(await importKey(terminal, { ...flags, keyId }), flags)
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
      const { reimportKey } = await import('../commands/keyImport.js')
      const keyId = keyOption(terminal, flags.key)
      await finish(await reimportKey(terminal, { ...flags, keyId }), flags)
    })

  function importCommand(name: string, description: string): Command {
    const command = key
      .command(name)
      .description(description)
      .option('--key <key>', 'key id, key ARN or alias (else AWS_KMS_KEY_ID)')
      .requiredOption('--in <file>', 'the private key; - for standard input')
    addSourceOptions(command)
    return command
      .option(
        '--expect-address <address>',
        'the account it must be; with it nothing is asked',
      )
      .addOption(
        new Option('--valid-to <time>', 'when the material expires').argParser(
          parseTime,
        ),
      )
      .addOption(
        new Option('--wrapping <algorithm>', 'how it is encrypted on its way')
          .choices(['rsa-aes-kwp', 'oaep'])
          .default('rsa-aes-kwp'),
      )
      .addOption(
        new Option('--wrapping-key <spec>', 'the wrapping key asked for')
          .choices(['rsa-2048', 'rsa-3072', 'rsa-4096'])
          .default('rsa-4096'),
      )
      .option(
        '--endpoint-host <host>',
        "a host other than KMS's own that the key may go to, typed out",
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
