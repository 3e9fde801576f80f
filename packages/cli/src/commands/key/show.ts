import { define } from '../../program/define.js'
import { argumentOrKey } from '../../program/inputs.js'
import { keyOfBoth } from '../../program/parsers.js'
import {
  serviceInputs,
  serviceToken,
  tokenHelp,
} from '../../program/tokenInputs.js'
import { keyText } from './keyText.js'
import { tokenKeyText } from './tokenText.js'

export const showCommand = define('show', {
  description: 'show one key: ARN, state, origin, address',
  takes: { ...argumentOrKey, ...serviceInputs },
  help: `${tokenHelp} Calls kms:DescribeKey, kms:ListAliases, kms:GetPublicKey.`,
  examples: ['keyward key show alias/treasury', 'keyward key show --json'],
  async run(terminal, options) {
    const token = serviceToken(terminal, options)
    const keyId = keyOfBoth(terminal, options)
    if (token) {
      const { showTokenKey } = await import('@keyward/toolkit/token')
      const data = await showTokenKey(token, keyId)
      return { data, text: tokenKeyText(data) }
    }
    const { readKey } = await import('@keyward/toolkit/key')
    const data = await readKey(terminal, keyId)
    return { data, text: keyText(data) }
  },
})
