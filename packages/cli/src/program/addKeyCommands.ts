import type { Command } from 'commander'
import { addImportCommands } from './addImportCommands.js'
import { addKeyGenerateCommand } from './addKeyGenerateCommand.js'
import { addKeyLifeCommands } from './addKeyLifeCommands.js'
import { addKeyVerifyCommand } from './addKeyVerifyCommand.js'
import { keyOption } from './keyOption.js'
import { examples, type Setup } from './Setup.js'

type CreateOptions = {
  alias?: string
  description?: string
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

  key
    .command('create')
    .description('create a secp256k1 signing key that KMS makes itself')
    .option('--alias <name>', 'name it, with or without the prefix alias/')
    .option('--description <text>', 'a note that KMS keeps beside the key')
    .option('-y, --yes', "don't ask before creating it in AWS")
    .option('--json', 'print one line of JSON')
    .addHelpText(
      'after',
      `\nCalls kms:CreateKey, kms:GetPublicKey; for an alias kms:ListAliases, kms:CreateAlias.${examples(
        'keyward key create --alias treasury',
        'keyward key create --alias alias/bot --yes --json',
      )}`,
    )
    .action(async (options: CreateOptions) => {
      const { createKey } = await import('../commands/keyCreate.js')
      await finish(
        await createKey(terminal, { ...options, yes: options.yes === true }),
        options,
      )
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
  addKeyLifeCommands(key, setup)
}
