import { define } from '../../program/define.js'
import { argumentOrKey } from '../../program/inputs.js'
import { keyOfBoth } from '../../program/parsers.js'

export const showCommand = define(
  'show',
  'show one key: ARN, state, origin, address',
  {
    takes: argumentOrKey,
    help: 'Calls kms:DescribeKey, kms:ListAliases, kms:GetPublicKey.',
    examples: ['keyward key show alias/treasury', 'keyward key show --json'],
    async run(terminal, options) {
      const { showKey } = await import('./showKey.js')
      return showKey(terminal, keyOfBoth(terminal, options))
    },
  },
)
