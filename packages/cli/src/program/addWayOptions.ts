import { type Command, Option } from 'commander'
import { addSourceOptions } from './addSourceOptions.js'

/** What private key goes to KMS, and how it gets there. */
export function addWayOptions(command: Command): Command {
  return addSourceOptions(
    command.requiredOption(
      '--in <file>',
      'the private key; - for standard input',
    ),
  )
    .option(
      '--expect-address <address>',
      'the account it must be; with it nothing is asked',
    )
    .addOption(
      new Option('--wrapping <algorithm>', 'how it is encrypted on its way')
        .choices(['rsa-aes-kwp', 'oaep'] as const)
        .default('rsa-aes-kwp'),
    )
    .addOption(
      new Option('--wrapping-key <spec>', 'the wrapping key asked for')
        .choices(['rsa-2048', 'rsa-3072', 'rsa-4096'] as const)
        .default('rsa-4096'),
    )
    .option(
      '--endpoint-host <host>',
      "a host other than KMS's own that the key may go to, typed out",
    )
}
