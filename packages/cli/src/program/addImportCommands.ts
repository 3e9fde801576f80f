import { type Command, InvalidArgumentError, Option } from 'commander'
import type { WrappingFlags } from '../import/toWrapping.js'
import { type Format, formats } from '../material/formats/Format.js'
import { keyOption } from './keyOption.js'
import { numberOption } from './numberOption.js'
import { examples, type Setup } from './Setup.js'

/** Where a private key comes from. */
export type SourceFlags = {
  in: string
  format?: Format
  passwordFd?: number
  derivationPath?: string
  passphrase?: true
}

/** Flags of `key import` and `key reimport`. */
export type ImportFlags = SourceFlags &
  WrappingFlags & {
    key?: string
    expectAddress?: string
    validTo?: Date
    endpointHost?: string
    receipt?: string
    shred?: true
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
      .option('--shred', 'overwrite and remove the key file when all is done')
      .option('--dry-run', 'check everything and send nothing')
      .option('-y, --yes', "don't ask before importing into AWS")
      .option('--json', 'print one line of JSON')
  }
}

/** The flags by which {@link SourceFlags} are given. */
export function addSourceOptions(command: Command): Command {
  return command
    .requiredOption('--in <file>', 'the private key; - for standard input')
    .addOption(
      new Option('--format <format>', 'refuse any other format').choices(
        formats,
      ),
    )
    .addOption(
      numberOption(
        '--password-fd <n>',
        'read the password from this file descriptor',
        { min: 0, max: 1023, integer: true },
      ),
    )
    .option('--derivation-path <path>', "of a phrase; else m/44'/60'/0'/0/0")
    .option('--passphrase', 'ask for the BIP-39 passphrase of a phrase')
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
