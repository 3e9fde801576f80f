import { define } from '../../program/define.js'

export const listCommand = define('list', 'list the secp256k1 signing keys', {
  takes: {},
  help: 'Calls kms:ListKeys, kms:ListAliases, kms:DescribeKey, kms:GetPublicKey.',
  examples: ['keyward key list', 'keyward key list --json'],
  run: async (terminal) => (await import('./listKeys.js')).listKeys(terminal),
})
