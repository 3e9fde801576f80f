import { type Command, Option } from 'commander'
import { addImportCommands } from './addImportCommands.js'
import { addKeyDrillCommand } from './addKeyDrillCommand.js'
import { addKeyGenerateCommand } from './addKeyGenerateCommand.js'
import { addKeyLifeCommands } from './addKeyLifeCommands.js'
import { addKeyVerifyCommand } from './addKeyVerifyCommand.js'
import { keyOption } from './keyOption.js'
import { addRoleOptions, type RoleFlags, toGivenRoles } from './roleOptions.js'
import { examples, type Setup } from './Setup.js'

type CreateOptions = RoleFlags & {
  alias?: string
  description?: string
  origin: 'aws' | 'external'
  defaultPolicy?: true
  yes?: true
  json?: true
}
type OneKeyOptions = { key?: string; json?: true }

const keyDefault =
  '\nThe key is a key id, key ARN, alias or alias ARN; without one it is ' +
  'AWS_KMS_KEY_ID.'

export function addKeyCommands(program: Command, setup: Setup): void {
  const { terminal, finish } = setup
  const key = program
    .command('key')
    .description('create and look at keys in KMS')

  addKeyGenerateCommand(key, setup)

  const create = key
    .command('create')
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
    )
  addRoleOptions(create)
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
kms:ListAliases, kms:CreateAlias.${examples(
        'keyward key create --alias treasury \\',
        '    --admin arn:aws:iam::123456789012:role/key-admin \\',
        '    --user arn:aws:iam::123456789012:role/signer \\',
        '    --break-glass arn:aws:iam::123456789012:role/break-glass',
        'keyward key create --alias alias/bot --default-policy --yes --json',
      )}`,
    )
    .action(async (options: CreateOptions) => {
      const { createKey } = await import('../commands/keyCreate.js')
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

  key
    .command('list')
    .description('list the secp256k1 signing keys')
    .option('--json', 'print one line of JSON')
    .addHelpText(
      'after',
      `\nCalls kms:ListKeys, kms:ListAliases, kms:DescribeKey, kms:GetPublicKey.${examples(
        'keyward key list',
        'keyward key list --json',
      )}`,
    )
    .action(async (options: { json?: true }) => {
      const { listKeys } = await import('../commands/keyList.js')
      await finish(await listKeys(terminal), options)
    })

  key
    .command('show')
    .description('show one key: ARN, state, origin, address')
    .argument('[key]', 'the key')
    .option('--key <key>', 'the key, as in other commands')
    .option('--json', 'print one line of JSON')
    .addHelpText(
      'after',
      `${keyDefault} Calls kms:DescribeKey, kms:ListAliases, kms:GetPublicKey.${examples(
        'keyward key show alias/treasury',
        'keyward key show --json',
      )}`,
    )
    .action(async (argument: string | undefined, options: OneKeyOptions) => {
      const { showKey } = await import('../commands/keyShow.js')
      const keyId = keyOption(terminal, argument ?? options.key)
      await finish(await showKey(terminal, keyId), options)
    })

  key
    .command('address')
    .description("print a key's Ethereum address")
    .argument('[key]', 'the key')
    .option('--key <key>', 'the key, as in other commands')
    .option('--json', 'print one line of JSON')
    .addHelpText(
      'after',
      `${keyDefault} Calls kms:GetPublicKey.${examples(
        'keyward key address alias/treasury',
        'keyward key address --json',
      )}`,
    )
    .action(async (argument: string | undefined, options: OneKeyOptions) => {
      const { keyAddress } = await import('../commands/keyAddress.js')
      const keyId = keyOption(terminal, argument ?? options.key)
      await finish(await keyAddress(terminal, keyId), options)
    })
  addImportCommands(key, setup)
  addKeyVerifyCommand(key, setup)
  addKeyDrillCommand(key, setup)
  addKeyLifeCommands(key, setup)
}
