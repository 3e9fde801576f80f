import { define } from '../../program/define.js'
import { argumentOrKey } from '../../program/inputs.js'
import { keyOfBoth } from '../../program/parsers.js'
import {
  assertService,
  serviceInputs,
  tokenHelp,
} from '../../program/tokenInputs.js'

export const showCommand = define('show', {
  description: 'show one key: ARN, state, origin, address',
  takes: { ...argumentOrKey, ...serviceInputs },
  help: `${tokenHelp} Calls kms:DescribeKey, kms:ListAliases, kms:GetPublicKey.`,
  examples: ['keyward key show alias/treasury', 'keyward key show --json'],
  async run(terminal, options) {
    assertService(terminal, options)
    const keyId = keyOfBoth(terminal, options)
    if (options.service === 'pkcs11') {
      const { showTokenKey } = await import('./token/showTokenKey.js')
      return showTokenKey(terminal, options, keyId)
    }
    const { showKey } = await import('./showKey.js')
    return showKey(terminal, keyId)
  },
})
