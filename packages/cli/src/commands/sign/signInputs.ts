import { toggle, type Values } from '../../program/Input.js'
import { input, keyId, yes } from '../../program/inputs.js'
import { serviceInputs, serviceToken } from '../../program/tokenInputs.js'
import type { Terminal } from '../../terminal/Terminal.js'

/** What every `sign` command takes. */
export const signInputs = { keyId, in: input(), ...serviceInputs, yes }

/** What hands an account to a contract is said to be meant (EIP-7702). */
export const delegationInputs = {
  allowDelegation: toggle(
    '--allow-delegation',
    'allow handing the account to a contract (EIP-7702)',
  ),
  anyChain: toggle('--any-chain', 'allow authorizations for all chains (id 0)'),
}

/** The request, with the token where the key is on one. */
export function toSign<options extends Values<typeof signInputs>>(
  terminal: Terminal,
  options: options,
) {
  return { ...options, token: serviceToken(terminal, options) }
}
