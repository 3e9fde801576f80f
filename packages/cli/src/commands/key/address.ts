import { define } from '../../program/define.js'
import { argumentOrKey } from '../../program/inputs.js'
import { keyOfBoth } from '../../program/parsers.js'
import {
  assertService,
  serviceInputs,
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
    assertService(terminal, options)
    const keyId = keyOfBoth(terminal, options)
    if (options.service === 'pkcs11') {
      const { tokenKeyAddress } = await import('./token/showTokenKey.js')
      return tokenKeyAddress(terminal, options, keyId)
    }
    const { keyAddress } = await import('./readKeyAddress.js')
    return keyAddress(terminal, keyId)
  },
})
