import { define } from '../../program/define.js'
import { assertService, serviceInputs } from '../../program/tokenInputs.js'

export const listCommand = define('list', {
  description: 'list the secp256k1 signing keys',
  takes: serviceInputs,
  help: 'Calls kms:ListKeys, kms:ListAliases, kms:DescribeKey, kms:GetPublicKey.',
  examples: [
    'keyward key list',
    'keyward key list --json',
    'keyward key list --service pkcs11 --token-label first',
  ],
  async run(terminal, options) {
    assertService(terminal, options)
    if (options.service === 'pkcs11') {
      const { listTokenKeys } = await import('./token/listTokenKeys.js')
      return listTokenKeys(terminal, options)
    }
    return (await import('./listKeys.js')).listKeys(terminal)
  },
})
