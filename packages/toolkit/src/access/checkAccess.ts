import type { KeyRoles } from '@keyward/iam/key-policy'
import { Finding, type GivenRoles } from '@keyward/iam/review'
import type { Io } from '../Io.js'
import { rolesText } from './accessText.js'
import { findAroundThePolicy, remainingWays } from './aroundThePolicy.js'
import { findAll } from './findAll.js'
import { openAccess, type Subject } from './openAccess.js'

export type AccessReport = {
  key: string
  /** The assumed role of each principal. */
  roles: KeyRoles
  /** Role lists that were taken from the policy because none were given. */
  assumed: string[]
  findings: Finding.Finding[]
}

/** The key in question and the roles given for it. */
export type Asked = { subject: Subject; given: GivenRoles }

/**
 * Finds weaknesses in a key's policy and grants.
 *
 * @returns The findings, and the roles and the ways around the policy as text.
 */
export function checkAccess(
  io: Io,
  { subject, given }: Asked,
): Promise<{ report: AccessReport; roles: string; ways: string | undefined }> {
  return openAccess(io, subject, given, async (open) => {
    const { access, meant, signers } = open
    const findings = Finding.sort([
      ...findAll(access, meant),
      ...findAroundThePolicy(meant, signers, access.policy),
    ])
    return {
      report: {
        key: access.key.arn,
        roles: meant.roles,
        assumed: meant.assumed,
        findings,
      },
      roles: rolesText(access, meant),
      ways: remainingWays(meant, signers),
    }
  })
}
