import { quote } from '@keyward/core/errors'
import type { Finding } from '@keyward/iam/review'
import { awsCommand } from '../aws/awsCommand.js'
import type { Target } from '../aws/Target.js'
import { type Io, note } from '../Io.js'
import { writePrivateFile } from '../privateFile.js'
import { shellWord } from '../shellQuote.js'
import { changesText, rolesText } from './accessText.js'
import { applyPlan } from './applyPlan.js'
import { findAll } from './findAll.js'
import { type Asked, noteTemplate, openAccess } from './openAccess.js'
import { type PreparedPlan, preparePlan } from './preparePlan.js'
import type { KeyAccess } from './readKeyAccess.js'

export type ApplyOptions = {
  yes: boolean
  dryRun: boolean
  /** File for the earlier policy; if undefined, the policy is printed. */
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
  /** The findings afterwards; undefined if the policy can no longer be read. */
  findings: Finding.Finding[] | undefined
}

/**
 * Sets the policy that fixes the findings, and checks that it does.
 *
 * @returns What was set; the roles and the changes as text; and whether a dry
 * run left a change undone.
 * @throws InputError, PolicyMovedError, KeyPolicyRefusedError
 */
export function applyAccess(
  io: Io,
  { subject, given }: Asked,
  options: ApplyOptions,
): Promise<{ applied: AccessApplied; text: string; isLeft: boolean }> {
  return openAccess(io, subject, given, async (open) => {
    noteTemplate(io, open)
    const { connection, access, meant } = open
    const { kms, target } = connection
    const callerArn = await connection.callerArn()
    const plan = preparePlan(access, meant, callerArn)
    const revoke = (access.grants ?? []).map(({ GrantId = '' }) => GrantId)
    const changed = plan.isChange || revoke.length > 0
    const text = `${rolesText(access, meant)}\n\n${changesText(plan, revoke)}`
    const data = {
      key: access.key.arn,
      changes: plan.changes,
      before: access.policyText,
      policy: plan.document,
    }
    if (!changed || options.dryRun) {
      const findings = findAll(access, open)
      const applied = { ...data, changed: false, revoked: [], findings }
      return { applied, text, isLeft: changed }
    }
    note(io, `${text}\n`)
    await io.confirm({
      target,
      action: `changes who can use ${access.key.arn}`,
      yes: options.yes,
    })
    await backUp(io, target, access, options.backup)
    const set = { access, plan, revoke, intended: open }
    const { revoked, findings } = await applyPlan(io, kms, set)
    const applied = { ...data, changed: true, revoked, findings }
    return { applied, text, isLeft: false }
  })
}

async function backUp(
  io: Io,
  target: Target,
  { key, policyText }: KeyAccess,
  file: string | undefined,
): Promise<void> {
  const restore = awsCommand(
    target,
    'kms put-key-policy --policy-name default --key-id',
  )
  if (file === undefined) {
    note(
      io,
      `The old policy follows. To restore it, save it as FILE and run:\n  ${restore} ${key.arn} --policy file://FILE\n`,
    )
    note(io, `${policyText}\n`)
    return
  }
  await writePrivateFile(file, `${policyText}\n`)
  note(
    io,
    `The old policy is saved in ${quote(file)}. To restore it, run:\n  ${restore} ${key.arn} --policy ${shellWord(`file://${file}`)}`,
  )
}
