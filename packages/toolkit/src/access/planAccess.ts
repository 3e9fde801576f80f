import type { Finding } from '@keyward/iam/review'
import type { Io } from '../Io.js'
import { changesText, rolesText } from './accessText.js'
import { unfixedLines } from './conclusion.js'
import { findAll, findUnfixed } from './findAll.js'
import { type Asked, noteTemplate, openAccess } from './openAccess.js'
import { type PreparedPlan, preparePlan } from './preparePlan.js'

export type AccessPlan = {
  key: string
  isChange: boolean
  findings: Finding.Finding[]
  changes: PreparedPlan['changes']
  /** The complete policy that would be set. */
  policy: PreparedPlan['document']
  /** Grants that would be revoked. */
  revoke: string[]
}

/**
 * Works out the policy that would fix the findings, without setting it.
 *
 * @returns The plan, and the roles and the changes as text.
 */
export function planAccess(
  io: Io,
  { subject, given }: Asked,
): Promise<{ plan: AccessPlan; text: string }> {
  return openAccess(io, subject, given, async (open) => {
    noteTemplate(io, open)
    const { connection, access, meant } = open
    const callerArn = await connection.callerArn()
    const plan = preparePlan(access, meant, callerArn)
    const findings = findAll(access, open)
    const unfixed = findUnfixed(access, open) ?? findings
    const revoke = (access.grants ?? []).map(({ GrantId = '' }) => GrantId)
    return {
      plan: {
        key: access.key.arn,
        isChange: plan.isChange,
        findings,
        changes: plan.changes,
        policy: plan.document,
        revoke,
      },
      text: [
        ...[rolesText(access, meant), '', changesText(plan, revoke)],
        ...unfixedLines(unfixed),
      ].join('\n'),
    }
  })
}
