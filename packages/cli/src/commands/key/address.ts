import { define } from '../../program/define.js'
import { argumentOrKey } from '../../program/inputs.js'
import { keyOfBoth } from '../../program/parsers.js'
import {
  isOnToken,
  serviceInputs,
  tokenHelp,
  tokenOf,
} from '../../program/tokenInputs.js'

export const addressCommand = define('address', {
  description: "print a key's Ethereum address",
  takes: { ...argumentOrKey, ...serviceInputs },
  help: `${tokenHelp} Calls kms:GetPublicKey.`,
  examples: [
    'keyward key address alias/treasury',
    'keyward key address --json',
    'keyward key address treasury --service pkcs11 --token-label first',
  ],
  async run(terminal, options) {
    const isToken = isOnToken(terminal, options)
    const key = keyOfBoth(terminal, options)
    const address = isToken
      ? await (await import('@keyward/toolkit/token')).readTokenAddress(
          tokenOf(terminal, options),
          key,
        )
      : await (await import('@keyward/toolkit/key')).readKeyAddress(
          terminal,
          key,
        )
    // Alone on its line, for use in scripts.
    return { data: { address, key }, text: address }
  },
})
