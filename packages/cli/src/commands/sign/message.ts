import type { Command } from 'commander'
import { keyOption } from '../../program/keyOption.js'
import { examples, type Setup } from '../../program/Setup.js'
import type { SignFlags } from './createSignCommand.js'
import { createSignCommand } from './createSignCommand.js'

export function messageCommand({ terminal, finish }: Setup): Command {
  return createSignCommand('message', "sign a file's bytes (EIP-191)")
    .option('--hex', 'the input is hex text: sign the bytes it stands for')
    .addHelpText(
      'after',
      `\nEvery byte counts, a newline at the end too. Calls kms:GetPublicKey, kms:Sign.${examples(
        'keyward sign message --in message.txt',
        'printf %s hello | keyward sign message --in - --json',
        'printf 0xdeadbeef | keyward sign message --in - --hex',
      )}`,
    )
    .action(async (options: SignFlags & { hex?: true }) => {
      const { signMessage } = await import('./signMessage.js')
      const result = await signMessage(terminal, {
        keyId: keyOption(terminal, options.key),
        in: options.in,
        yes: options.yes === true,
        hex: options.hex === true,
      })
      await finish(result, options)
    })
}
