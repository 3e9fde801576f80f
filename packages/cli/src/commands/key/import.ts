import { type Command, Option } from 'commander'
import { keyOption } from '../../program/keyOption.js'
import type { RoleFlags } from '../../program/roleOptions.js'
import { addRoleOptions, toGivenRoles } from '../../program/roleOptions.js'
import type { Json } from '../../program/Setup.js'
import { examples, type Setup } from '../../program/Setup.js'
import { usageError } from '../../program/usageError.js'
import { createImportCommand } from './createImportCommand.js'
import type { ImportFlags } from './importKey.js'

type Flags = ImportFlags &
  RoleFlags &
  Json & { key?: string; create?: true; alias?: string }

export function importCommand({ terminal, finish }: Setup): Command {
  return addRoleOptions(
    createImportCommand('import', 'bring your own private key into a KMS key')
      .addOption(
        new Option(
          '--create',
          'create the KMS key, or go on with the one made before',
        ).conflicts('key'),
      )
      .option('--alias <name>', 'with --create: name the key'),
  )
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
    .action(async (flags: Flags) => {
      const { importKey } = await import('./importKey.js')
      if (
        !flags.create &&
        (flags.alias !== undefined ||
          Object.keys(toGivenRoles(flags)).length > 0)
      )
        usageError(
          terminal,
          '--alias and the flags that name roles go with --create: a key that exists keeps its name and policy.',
        )
      const into = flags.create
        ? { alias: flags.alias, given: toGivenRoles(flags) }
        : { keyId: keyOption(terminal, flags.key) }
      await finish(await importKey(terminal, flags, into), flags)
    })
}
