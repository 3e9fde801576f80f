import type { Finding } from '@keyward/iam/review'
import { Findings } from '@keyward/iam/review'
import { note, writePrivateFile } from '@keyward/toolkit'
import {
  applyPlan,
  findAll,
  type KeyAccess,
  openAccess,
  type PreparedPlan,
  preparePlan,
} from '@keyward/toolkit/access'
import type { Result } from '../../output/Result.js'
import type { Terminal } from '../../terminal/Terminal.js'
import { type Asked, rolesText } from './checkAccess.js'
import { changesText } from './planAccess.js'

export type ApplyOptions = {
  yes: boolean
  dryRun: boolean
  /** File for the earlier policy; without one it is printed. */
  backup: string | undefined
}

export type AccessApplied = {
  key: string
  /** Whether the policy was changed. */
  changed: boolean
  changes: PreparedPlan['changes']
  /** The earlier policy's text. */
  before: string
  policy: PreparedPlan['document']
  revoked: string[]
  /** What was found afterwards; undefined if it may not be read any more. */
  findings: Finding.Finding[] | undefined
}

/**
 * Sets the policy that mends what is found, and looks whether it does.
 *
 * @throws InputError, PolicyMovedError, KeyPolicyRefusedError
 */
export function applyAccess(
  terminal: Terminal,
  { subject, given }: Asked,
  options: ApplyOptions,
): Promise<Result<AccessApplied>> {
  return openAccess(terminal, subject, given, async (open) => {
    const { connection, access, meant } = open
    const { kms, target } = connection
    const plan = preparePlan(access, meant, await connection.callerArn())
    const revoke = (access.grants ?? []).map(({ GrantId = '' }) => GrantId)
    const changed = plan.isChange || revoke.length > 0
    const said = [rolesText(access, meant), '', changesText(plan, revoke)]
    const data = {
      key: access.key.arn,
      changes: plan.changes,
      before: access.policyText,
      policy: plan.document,
    }
    if (!changed || options.dryRun) {
      const findings = findAll(access, meant)
      return {
        data: { ...data, changed: false, revoked: [], findings },
        text: [
          ...said,
          ...(changed ? ['', 'Nothing was set: this was a dry run.'] : []),
        ].join('\n'),
        exitCode: 0,
      }
    }
    note(terminal, `${said.join('\n')}\n`)
    await terminal.confirm({
      target,
      action: `changes who may use ${access.key.arn}`,
      yes: options.yes,
    })
    await backUp(terminal, access, options.backup)
    const set = { access, plan, revoke, meant }
    const { revoked, findings } = await applyPlan(terminal, kms, set)
    return {
      data: { ...data, changed: true, revoked, findings },
      text: conclusion(access, findings),
      exitCode: findings === undefined || findings.length === 0 ? 0 : 1,
    }
  })
}

async function backUp(
  terminal: Terminal,
  { key, policyText }: KeyAccess,
  file: string | undefined,
): Promise<void> {
  const restore = 'aws kms put-key-policy --policy-name default --key-id'
  if (file === undefined) {
    note(terminal, `The policy before this (${restore} brings it back):`)
    note(terminal, `${policyText}\n`)
    return
  }
  await writePrivateFile(file, `${policyText}\n`)
  note(
    terminal,
    `The policy before this is in ${file}. It comes back by: ${restore} ${key.arn} --policy file://${file}`,
  )
}

function conclusion(
  { key }: KeyAccess,
  findings: readonly Finding.Finding[] | undefined,
): string {
  if (findings === undefined) return `Set the policy of ${key.arn}.`
  if (findings.length === 0)
    return `Set the policy of ${key.arn}, and read it back: nothing is found any more.`
  return [
    `Set the policy of ${key.arn}, and read it back. ${Findings.count(findings)} left:`,
    ...findings.map(({ summary }) => `  ${summary}`),
  ].join('\n')
}
