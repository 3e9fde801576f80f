import { toggle, type Values } from '../../program/Input.js'
import { input, keyId, yes } from '../../program/inputs.js'
import { serviceInputs, serviceToken } from '../../program/tokenInputs.js'
import type { Terminal } from '../../terminal/Terminal.js'

/** The inputs of every `sign` command. */
export const signInputs = { keyId, in: input(), ...serviceInputs, yes }

/** Confirms that an account may be delegated to a contract (EIP-7702). */
export const delegationInputs = {
  allowDelegation: toggle(
    '--allow-delegation',
    'allow delegating the account to a contract (EIP-7702)',
  ),
  anyChain: toggle('--any-chain', 'allow authorizations for all chains (id 0)'),
}

/** The request, with the token if the key is on one. */
export function toSign<options extends Values<typeof signInputs>>(
  terminal: Terminal,
  options: options,
) {
  return { ...options, token: serviceToken(terminal, options) }
}
