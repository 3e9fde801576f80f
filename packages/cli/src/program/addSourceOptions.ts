import { type Format, formats } from '@keyward/keyfile/formats'
import { type Command, Option } from 'commander'
import { passwordFdOption } from './passwordFdOption.js'

/** Where a private key comes from. */
export type SourceFlags = {
  in: string
  format?: Format | undefined
  passwordFd?: number | undefined
  derivationPath?: string | undefined
  passphrase?: true | undefined
}

/** What goes with `--in`, by which the file itself is named. */
export function addSourceOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--format <format>', 'refuse any other format').choices(
        formats,
      ),
    )
    .addOption(passwordFdOption())
    .option('--derivation-path <path>', "of a phrase; else m/44'/60'/0'/0/0")
    .option('--passphrase', 'ask for the BIP-39 passphrase of a phrase')
}
