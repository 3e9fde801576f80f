import { define } from '../../program/define.js'
import { toggle } from '../../program/Input.js'
import { subjectInputs, subjectOf } from './accessInputs.js'

export const showCommand = define('show', {
  description: 'show who may do what with a key',
  takes: {
    ...subjectInputs,
    matrix: toggle('--matrix', 'as a table: operations by principals'),
  },
  help: 'Calls kms:DescribeKey, kms:GetKeyPolicy, kms:ListGrants.',
  examples: [
    'keyward access show --key alias/treasury',
    'keyward access show --key alias/treasury --matrix',
    'keyward access show --key alias/treasury --json',
  ],
  async run(terminal, options) {
    const { showAccess } = await import('./showAccess.js')
    const { matrix } = options
    return showAccess(terminal, subjectOf(terminal, options), { matrix })
  },
})
