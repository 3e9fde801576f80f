import type { Finding } from '@keyward/iam/review'
import type { Io } from '../Io.js'
import { changesText, rolesText } from './accessText.js'
import type { Asked } from './checkAccess.js'
import { findAll } from './findAll.js'
import { noteTemplate, openAccess } from './openAccess.js'
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
    const revoke = (access.grants ?? []).map(({ GrantId = '' }) => GrantId)
    return {
      plan: {
        key: access.key.arn,
        isChange: plan.isChange,
        findings: findAll(access, meant),
        changes: plan.changes,
        policy: plan.document,
        revoke,
      },
      text: `${rolesText(access, meant)}\n\n${changesText(plan, revoke)}`,
    }
  })
}
