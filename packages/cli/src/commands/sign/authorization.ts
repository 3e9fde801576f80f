import type { Command } from 'commander'
import { keyOption } from '../../program/keyOption.js'
import { examples, type Setup } from '../../program/Setup.js'
import type { DelegationFlags, SignFlags } from './createSignCommand.js'
import { createSignCommand } from './createSignCommand.js'

export function authorizationCommand({ terminal, finish }: Setup): Command {
  return createSignCommand(
    'authorization',
    "hand the account to a contract's code (EIP-7702)",
  )
    .option('--allow-delegation', 'say that handing the account over is meant')
    .option('--any-chain', 'allow an authorization for every chain (id 0)')
    .addHelpText(
      'after',
      `\nThe JSON is {"address": contract, "chainId": 1, "nonce": 0}. Calls kms:GetPublicKey, kms:Sign.${examples(
        'keyward sign authorization --allow-delegation --in authorization.json',
      )}`,
    )
    .action(async (options: SignFlags & DelegationFlags) => {
      const { signAuthorization } = await import('./signAuthorization.js')
      const result = await signAuthorization(terminal, {
        keyId: keyOption(terminal, options.key),
        in: options.in,
        yes: options.yes === true,
        allowDelegation: options.allowDelegation === true,
        anyChain: options.anyChain === true,
      })
      await finish(result, options)
    })
}
