import type { KeyRoles } from '@keyward/iam/key-policy'
import { Finding, type GivenRoles } from '@keyward/iam/review'
import type { Io } from '../Io.js'
import { rolesText } from './accessText.js'
import { findAroundThePolicy, remainingWays } from './aroundThePolicy.js'
import { findAll } from './findAll.js'
import { openAccess, type Subject } from './openAccess.js'

export type AccessReport = {
  key: string
  /** Who is taken to be what. */
  roles: KeyRoles
  /** Lists that nobody gave, and the policy was taken by its word for. */
  assumed: string[]
  findings: Finding.Finding[]
}

/** Which key, and what was said of its roles. */
export type Asked = { subject: Subject; given: GivenRoles }

/**
 * Finds what is weak in a key's policy and grants.
 *
 * @returns What was found; for people the roles, and ways around the policy.
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
