import { define } from '../../program/define.js'
import { accessInputs, readAccess, rolesHelp } from './accessInputs.js'

export const checkCommand = define('check', {
  description: "find weaknesses in a key's policy",
  takes: accessInputs,
  help: `${rolesHelp}
Exit code 1: there are findings. Calls kms:DescribeKey, kms:GetKeyPolicy,
kms:ListGrants and, if allowed, iam:GetRole and iam:GetUser. With --stack, also
asks a function with a policy whether the policy is in shadow mode
(lambda:InvokeFunction on its alias status).`,
  examples: [
    'keyward access check --key alias/treasury',
    'keyward access check --key alias/treasury \\',
    '    --admin arn:aws:iam::123456789012:role/key-admin \\',
    '    --user arn:aws:iam::123456789012:role/signer --json',
  ],
  async run(terminal, options) {
    const access = await import('@keyward/toolkit/access')
    const asked = await readAccess(terminal, options)
    const { report, roles, next, ways } = await access.checkAccess(
      terminal,
      asked,
    )
    const { findings } = report
    const { findingsText } = await import('./findingText.js')
    const { style } = terminal.stdout
    return {
      data: report,
      text: [
        ...[roles, ''],
        ...findingsText(findings, style),
        next,
        ...(ways === '' ? [] : ['', ways]),
      ].join('\n'),
      exitCode: findings.length === 0 ? 0 : 1,
    }
  },
})
