import { Command } from 'commander'
import type { Json } from '../../program/Setup.js'
import { examples, type Setup } from '../../program/Setup.js'
import type { BalanceOptions } from './readBalance.js'

export function balanceCommand({ terminal, finish }: Setup): Command {
  return new Command('balance')
    .description('what an account has on a chain: currency and tokens')
    .argument('[address]', "the account (default: the key's)")
    .option('--key <id>', 'its key (else AWS_KMS_KEY_ID)')
    .option('--network <name>', "the chain (else ETH_NETWORK, else the node's)")
    .option('--token <address...>', 'tokens to ask for beside the usual ones')
    .option('--rpc-url <url>', 'node to ask (else RPC_URL, ETH_RPC_URL)')
    .option('--json', 'print one line of JSON')
    .addHelpText(
      'after',
      `\nWith a key, calls kms:GetPublicKey.${examples(
        'keyward balance',
        'keyward balance 0x7099…79C8 --rpc-url https://rpc.example.org',
      )}`,
    )
    .action(
      async (address: string | undefined, options: BalanceOptions & Json) => {
        const { readBalance } = await import('./readBalance.js')
        await finish(
          await readBalance(terminal, {
            ...options,
            ...(address && { address }),
          }),
          options,
        )
      },
    )
}
