import { Command } from 'commander'
import { inputOption } from '../../program/inputOption.js'
import type { Json } from '../../program/Setup.js'
import { examples, type Setup } from '../../program/Setup.js'

export function verifyCommand({ terminal, finish }: Setup): Command {
  return new Command('verify')
    .description('check who signed a transaction, message or typed data')
    .requiredOption('--address <address>', 'the address that should have')
    .addOption(inputOption())
    .option('--json', 'print one line of JSON')
    .addHelpText(
      'after',
      `\nThe input is a signed transaction in hex, or JSON {"message","signature"} or
{"typedData","signature"}; a message is text, or {"raw":"0x…"} for bytes.
Exits 1 when the signature is not that address's. Calls nothing.${examples(
        'keyward verify --address 0x… --in signed.txt',
        'echo \'{"message":"hello","signature":"0x…"}\' | keyward verify --address 0x… --in -',
      )}`,
    )
    .action(async (options: { address: string; in: string } & Json) => {
      const { verifySignature } = await import('./verifySignature.js')
      await finish(await verifySignature(terminal, options), options)
    })
}
