import type { AccessPlan } from '@keyward/toolkit/access'
import { define } from '../../program/define.js'
import { accessInputs, readAccess, rolesHelp } from './accessInputs.js'

export const planCommand = define('plan', {
  description: 'show the key policy that would fix the findings',
  takes: accessInputs,
  help: `${rolesHelp}
Changes nothing. Refuses a policy that you could not change afterwards. Calls
kms:DescribeKey, kms:GetKeyPolicy, kms:ListGrants, sts:GetCallerIdentity.`,
  examples: [
    'keyward access plan --key alias/treasury',
    'keyward access plan --key alias/old \\',
    '    --admin arn:aws:iam::123456789012:role/key-admin \\',
    '    --user arn:aws:iam::123456789012:role/signer',
  ],
  async run(terminal, options) {
    const { planAccess } = await import('@keyward/toolkit/access')
    const asked = await readAccess(terminal, options)
    const { plan, text } = await planAccess(terminal, asked)
    const { Findings } = await import('@keyward/iam/review')
    const next = `${Findings.count(plan.findings)}. To set this policy, run keyward access apply.`
    return {
      data: plan,
      text: plan.isChange
        ? `${text}\n\n${changesAsJson(plan)}\n\n${next}`
        : text,
    }
  },
})

/** Lists each statement that is removed or added. */
function changesAsJson({ changes }: AccessPlan): string {
  return changes
    .filter(({ change }) => change !== 'keep')
    .flatMap(({ change, statement }) => {
      const mark = change === 'add' ? '+' : '-'
      return JSON.stringify(statement, null, 2)
        .split('\n')
        .map((line) => `${mark} ${line}`)
    })
    .join('\n')
}
