import { define } from '../../program/define.js'
import { accessInputs, readAccess, rolesHelp } from './accessInputs.js'

export const planCommand = define('plan', {
  description: 'show the policy that would fix it',
  takes: accessInputs,
  help: `${rolesHelp}
Nothing is changed. The caller must go on being able to change the policy. Calls
kms:DescribeKey, kms:GetKeyPolicy, kms:ListGrants, sts:GetCallerIdentity.`,
  examples: [
    'keyward access plan --key alias/treasury',
    'keyward access plan --key alias/old \\',
    '    --admin arn:aws:iam::123456789012:role/key-admin \\',
    '    --user arn:aws:iam::123456789012:role/signer',
  ],
  async run(terminal, options) {
    const { planAccess } = await import('./planAccess.js')
    return planAccess(terminal, await readAccess(terminal, options))
  },
})
