import type { Command } from 'commander'
import { keyOption } from '../../program/keyOption.js'
import { examples, type Setup } from '../../program/Setup.js'
import type { SignFlags } from './createSignCommand.js'
import { createSignCommand } from './createSignCommand.js'

export function typedDataCommand({ terminal, finish }: Setup): Command {
  return createSignCommand('typed-data', 'sign typed data (EIP-712)')
    .addHelpText(
      'after',
      `\nThe JSON is that of eth_signTypedData_v4: {"types","primaryType","domain","message"}.
Calls kms:GetPublicKey, kms:Sign.${examples(
        'keyward sign typed-data --key alias/treasury --in permit.json',
        'keyward sign typed-data --in - --json < permit.json',
      )}`,
    )
    .action(async (options: SignFlags) => {
      const { signTypedData } = await import('./signTypedData.js')
      const result = await signTypedData(terminal, {
        keyId: keyOption(terminal, options.key),
        in: options.in,
        yes: options.yes === true,
      })
      await finish(result, options)
    })
}
