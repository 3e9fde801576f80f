import { define } from '../../program/define.js'
import { argumentOrKey } from '../../program/inputs.js'
import { keyOfBoth } from '../../program/parsers.js'
import {
  serviceInputs,
  serviceToken,
  tokenHelp,
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
    const token = serviceToken(terminal, options)
    const key = keyOfBoth(terminal, options)
    const { readTokenAddress } = await import('@keyward/toolkit/token')
    const { readKeyAddress } = await import('@keyward/toolkit/key')
    const address = token
      ? await readTokenAddress(token, key)
      : await readKeyAddress(terminal, key)
    // The address is on its own line, for use in scripts.
    return { data: { address, key }, text: address }
  },
})
