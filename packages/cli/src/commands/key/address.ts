import { define } from '../../program/define.js'
import { argumentOrKey } from '../../program/inputs.js'
import { keyOfBoth } from '../../program/parsers.js'

export const addressCommand = define(
  'address',
  "print a key's Ethereum address",
  {
    takes: argumentOrKey,
    help: 'Calls kms:GetPublicKey.',
    examples: [
      'keyward key address alias/treasury',
      'keyward key address --json',
    ],
    async run(terminal, options) {
      const { keyAddress } = await import('./readKeyAddress.js')
      return keyAddress(terminal, keyOfBoth(terminal, options))
    },
  },
)
