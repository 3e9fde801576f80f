import { type Command, Option } from 'commander'
import { keyOption } from '../../program/keyOption.js'
import { examples, type Setup } from '../../program/Setup.js'
import type { DelegationFlags, SignFlags } from './createSignCommand.js'
import { createSignCommand } from './createSignCommand.js'

type SidecarFlag = { sidecar?: 'eip4844' | 'eip7594' }

export function txCommand({ terminal, finish }: Setup): Command {
  return createSignCommand('tx', 'sign a transaction given as JSON')
    .option('--allow-delegation', 'allow a transaction of type 4 (EIP-7702)')
    .option('--any-chain', 'allow authorizations for every chain (chain id 0)')
    .addOption(
      new Option(
        '--sidecar <form>',
        'the proofs that the network takes with blobs',
      ).choices(['eip4844', 'eip7594']),
    )
    .addHelpText(
      'after',
      `\nThe JSON has viem's field names, for example
  {"type":"eip1559","chainId":1,"nonce":0,"to":"0x…","value":"1000000000000000",
   "gas":21000,"maxFeePerGas":"30000000000","maxPriorityFeePerGas":"1000000000"}
Amounts are wei, as decimal or 0x strings, or as whole numbers up to 2^53-1.
Calls kms:GetPublicKey, kms:Sign.${examples(
        'keyward sign tx --key alias/treasury --in tx.json',
        'keyward sign tx --in - --json < tx.json',
      )}`,
    )
    .action(async (options: SignFlags & DelegationFlags & SidecarFlag) => {
      const { signTx } = await import('./signTx.js')
      const result = await signTx(terminal, {
        keyId: keyOption(terminal, options.key),
        in: options.in,
        yes: options.yes === true,
        allowDelegation: options.allowDelegation === true,
        anyChain: options.anyChain === true,
        sidecar: options.sidecar,
      })
      await finish(result, options)
    })
}
