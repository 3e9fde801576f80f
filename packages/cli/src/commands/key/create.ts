import { Command, Option } from 'commander'
import type { RoleFlags } from '../../program/roleOptions.js'
import { addRoleOptions, toGivenRoles } from '../../program/roleOptions.js'
import type { Json } from '../../program/Setup.js'
import { examples, type Setup } from '../../program/Setup.js'

type Flags = RoleFlags & {
  alias?: string
  description?: string
  origin: 'aws' | 'external'
  defaultPolicy?: true
  yes?: true
} & Json

export function createCommand({ terminal, finish }: Setup): Command {
  return addRoleOptions(
    new Command('create')
      .description('create a secp256k1 signing key with a strict key policy')
      .option('--alias <name>', 'name it, with or without the prefix alias/')
      .option('--description <text>', 'a note that KMS keeps beside the key')
      .addOption(
        new Option(
          '--origin <origin>',
          'who makes the private key: KMS (aws), or you (external)',
        )
          .choices(['aws', 'external'])
          .default('aws'),
      ),
  )
    .option('--default-policy', "take KMS's policy, which leaves all to IAM")
    .option('-y, --yes', "don't ask before creating it in AWS")
    .option('--json', 'print one line of JSON')
    .addHelpText(
      'after',
      `
Who may do what is said by ARNs of IAM roles and users; --admin has to be said.
In the local home it is by default the home's own roles (keyward env --as). You
must be one of --admin or --deployer yourself. A key of origin external waits
for keyward key import. Calls kms:CreateKey, kms:GetPublicKey; for an alias
kms:TagResource, kms:ListAliases, kms:ListKeys, kms:ListResourceTags,
kms:CreateAlias.${examples(
        'keyward key create --alias treasury \\',
        '    --admin arn:aws:iam::123456789012:role/key-admin \\',
        '    --user arn:aws:iam::123456789012:role/signer \\',
        '    --break-glass arn:aws:iam::123456789012:role/break-glass',
        'keyward key create --alias alias/bot --default-policy --yes --json',
      )}`,
    )
    .action(async (options: Flags) => {
      const { createKey } = await import('./createKey.js')
      const { alias, description } = options
      const result = await createKey(terminal, {
        ...(alias !== undefined && { alias }),
        ...(description !== undefined && { description }),
        origin: options.origin === 'external' ? 'EXTERNAL' : 'AWS_KMS',
        given: toGivenRoles(options),
        defaultPolicy: options.defaultPolicy === true,
        yes: options.yes === true,
      })
      await finish(result, options)
    })
}
