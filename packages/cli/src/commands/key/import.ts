import { usageError } from '@keyward/toolkit'
import { Option } from 'commander'
import { define } from '../../program/define.js'
import { type Input, text } from '../../program/Input.js'
import { key } from '../../program/inputs.js'
import { keyOf, parseAlias } from '../../program/parsers.js'
import { roleInputs, toGivenRoles } from '../../program/roleInputs.js'
import { importInputs } from './importInputs.js'
import { importResult } from './importText.js'

const create: Input<boolean> = {
  declared: new Option(
    '--create',
    'create the KMS key, or continue with the one from an earlier run',
  ).conflicts('key'),
  read: (typed) => typed === true,
}

export const importCommand = define('import', {
  description: 'import your own private key into a KMS key',
  takes: {
    key,
    ...importInputs,
    create,
    alias: text('--alias <name>', "with --create: the key's alias", parseAlias),
    ...roleInputs,
  },
  help: `The KMS key must have the origin EXTERNAL, for example because its stack was
deployed with --origin EXTERNAL.
With --create, the command creates one with the strict policy, which you can
adjust with the flags from --admin to --import-expiration. By default, you are
the administrator and the importer. The command checks the account's address
before and after the import. If anything fails, run the command again: it
continues where it stopped.
Calls kms:DescribeKey, kms:ListResourceTags, kms:GetPublicKey,
kms:GetParametersForImport, kms:ImportKeyMaterial, and kms:Sign if allowed;
with --create, also kms:CreateKey, kms:TagResource, kms:ListKeys; for an alias,
also kms:CreateAlias.`,
  examples: [
    'keyward key import --in key.pem --key alias/treasury --expect-address 0x…',
    'keyward key import --in keystore.json --key alias/treasury',
    'keyward key import --in - --key alias/treasury < phrase.txt',
    'keyward key import --in key.pem --key alias/treasury --dry-run',
    'keyward key import --in key.pem --backup backup.json --create --alias treasury --user arn:aws:iam::123456789012:role/payer',
  ],
  async run(terminal, options) {
    const { alias, create } = options
    const given = await toGivenRoles(options)
    if (!create && (alias !== undefined || Object.keys(given).length > 0))
      usageError(
        '--alias and the role flags need --create: an existing key keeps its alias and policy.',
      )
    const into = create
      ? { alias, given }
      : { keyId: keyOf(terminal, options.key) }
    const { importKey } = await import('@keyward/toolkit/import')
    return importResult(await importKey(terminal, options, into))
  },
})
