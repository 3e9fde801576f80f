import { define } from '../../program/define.js'
import { subjectInputs, subjectOf } from './accessInputs.js'

export const showCommand = define('show', 'show who may do what with a key', {
  takes: subjectInputs,
  help: 'Calls kms:DescribeKey, kms:GetKeyPolicy, kms:ListGrants.',
  examples: [
    'keyward access show --key alias/treasury',
    'keyward access show --key alias/treasury --json',
  ],
  async run(terminal, options) {
    const { showAccess } = await import('./showAccess.js')
    return showAccess(terminal, subjectOf(terminal, options))
  },
})
