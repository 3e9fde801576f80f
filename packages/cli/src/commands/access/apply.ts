import { define } from '../../program/define.js'
import { text } from '../../program/Input.js'
import { dryRun, yes } from '../../program/inputs.js'
import { parseNewFile } from '../../program/parsers.js'
import { accessInputs, readAccess, rolesHelp } from './accessInputs.js'

export const applyCommand = define('apply', {
  description: 'set the policy that fixes it',
  takes: {
    ...accessInputs,
    backup: text(
      '--backup <file>',
      'write the earlier policy there, a new file',
      parseNewFile,
    ),
    dryRun,
    yes,
  },
  help: `${rolesHelp}
Without --backup the earlier policy is printed. Exits 1 when something is still
found afterwards. Calls what plan calls, kms:PutKeyPolicy, and for each grant
kms:RevokeGrant.`,
  examples: [
    'keyward access apply --key alias/treasury --backup policy.json',
    'keyward access apply --key alias/treasury --yes --json',
  ],
  async run(terminal, options) {
    const { applyAccess } = await import('./applyAccess.js')
    const access = await readAccess(terminal, options)
    return applyAccess(terminal, access, options)
  },
})
