import type { AccessApplied } from '@keyward/toolkit/access'
import { define } from '../../program/define.js'
import { text } from '../../program/Input.js'
import { dryRun, yes } from '../../program/inputs.js'
import { parseNewFile } from '../../program/parsers.js'
import { accessInputs, readAccess, rolesHelp } from './accessInputs.js'

export const applyCommand = define('apply', {
  description: 'set the key policy that fixes the findings',
  takes: {
    ...accessInputs,
    backup: text(
      '--backup <file>',
      'save the old policy in this new file',
      parseNewFile,
    ),
    dryRun,
    yes,
  },
  help: `${rolesHelp}
Without --backup, the old policy is printed. Exit code 1: there are still
findings afterwards. Makes the same calls as keyward access plan; also calls
kms:PutKeyPolicy, and kms:RevokeGrant for each grant.`,
  examples: [
    'keyward access apply --key alias/treasury --backup policy.json',
    'keyward access apply --key alias/treasury --yes --json',
  ],
  async run(terminal, options) {
    const { applyAccess } = await import('@keyward/toolkit/access')
    const asked = await readAccess(terminal, options)
    const { applied, text, isLeft } = await applyAccess(
      terminal,
      asked,
      options,
    )
    if (!applied.changed)
      return {
        data: applied,
        text: isLeft ? `${text}\n\nNothing was set: this was a dry run.` : text,
      }
    return {
      data: applied,
      text: await conclusion(applied),
      exitCode: (applied.findings ?? []).length === 0 ? 0 : 1,
    }
  },
})

async function conclusion({ key, findings }: AccessApplied): Promise<string> {
  if (findings === undefined) return `The policy of ${key} is set.`
  if (findings.length === 0)
    return `The policy of ${key} is set and was read back. No findings remain.`
  const { Findings } = await import('@keyward/iam/review')
  return [
    `The policy of ${key} is set and was read back. Still to fix (${Findings.count(findings)}):`,
    ...findings.map(({ summary }) => `  ${summary}`),
  ].join('\n')
}
