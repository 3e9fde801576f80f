import { Command, Option } from 'commander'
import { passwordFdOption } from '../../program/passwordFdOption.js'
import type { Json } from '../../program/Setup.js'
import { examples, type Setup } from '../../program/Setup.js'
import { usageError } from '../../program/usageError.js'

const help = `
The key comes from the operating system's randomness. The file is new, for its
owner only, and read back before the address is told. The password is asked for
twice and not shown. AWS is not called.`

type Flags = Json & {
  out?: string
  stdout?: true
  evenToTerminal?: true
  format: 'keystore' | 'pkcs8'
  passwordFd?: number
  plain?: true
}

export function generateCommand({ terminal, finish }: Setup): Command {
  return new Command('generate')
    .description('make a private key in a file, to be imported into KMS')
    .option('--out <file>', 'the new key file; nothing is ever overwritten')
    .addOption(
      new Option('--stdout', 'write the key file to standard output').conflicts(
        ['out', 'json'],
      ),
    )
    .option('--even-to-terminal', 'with --stdout, also when that is a terminal')
    .addOption(
      new Option(
        '--format <format>',
        'V3 keystore as geth and MetaMask read it, or PKCS#8 as OpenSSL does',
      )
        .choices(['keystore', 'pkcs8'])
        .default('keystore'),
    )
    .addOption(passwordFdOption())
    .addOption(
      new Option('--plain', 'PKCS#8 without a password').conflicts(
        'passwordFd',
      ),
    )
    .option('--json', 'print one line of JSON')
    .addHelpText(
      'after',
      `${help}\n${examples(
        'keyward key generate --out account.json',
        'keyward key generate --out account.json --password-fd 3 3< password.txt',
        'keyward key generate --out account.pem --format pkcs8',
        'keyward key generate --stdout --format pkcs8 --plain | age -r age1… > account.age',
      )}`,
    )
    .action(async ({ out, stdout, evenToTerminal, json, ...rest }: Flags) => {
      const options = { ...rest, plain: rest.plain === true }
      if (options.plain && options.format === 'keystore')
        usageError(
          terminal,
          'a keystore always has a password: add --format pkcs8 to --plain.',
        )
      const command = await import('./generateKey.js')
      if (stdout)
        await command.generateKeyToStdout(terminal, {
          ...options,
          evenToTerminal: evenToTerminal === true,
        })
      else if (out !== undefined)
        await finish(
          await command.generateKey(terminal, { ...options, path: out }),
          json ? { json } : {},
        )
      else usageError(terminal, 'give --out with a new file, or --stdout.')
    })
}
