import type { KeyRoles } from '@keyward/iam/key-policy'
import type { Finding, RoleName } from '@keyward/iam/review'
import type { AwsConnection } from '../aws/connectAws.js'
import type { Io } from '../Io.js'
import { readPolicyAnswer } from '../status/readAnswers.js'
import { rolesText } from './accessText.js'
import { modeText, type PolicyMode, remainingWays } from './aroundThePolicy.js'
import { conclusion } from './conclusion.js'
import { findAll, findUnfixed } from './findAll.js'
import { type Asked, openAccess } from './openAccess.js'

export type AccessReport = {
  key: string
  /** The assumed role of each principal. */
  roles: KeyRoles
  /** Role lists that were taken from the policy because none were given. */
  assumed: RoleName[]
  findings: Finding.Finding[]
  /**
   * The mode of the stack's policy; null if it can't be read. Absent without a
   * policy.
   */
  policyMode?: PolicyMode | null
}

/**
 * Finds weaknesses in a key's policy and grants.
 *
 * @returns The findings, and as text the roles, what to do about the findings,
 * and what limits the policy; the latter is empty without a policy.
 */
export function checkAccess(
  io: Io,
  asked: Asked,
): Promise<{
  report: AccessReport
  roles: string
  next: string
  ways: string
}> {
  return openAccess(io, asked.subject, asked.given, async (open) => {
    const { access, meant, signers, connection } = open
    const mode = await readMode(connection, signers.guardedName)
    const findings = findAll(access, open)
    const unfixed = findUnfixed(access, open)
    const { assumed } = meant
    return {
      report: {
        key: access.key.arn,
        roles: meant.roles,
        assumed,
        findings,
        ...(signers.guardedName !== undefined && { policyMode: mode ?? null }),
      },
      roles: rolesText(access, meant),
      next: conclusion(asked, { findings, unfixed, assumed }),
      ways: [modeText(signers, mode), remainingWays(meant, signers)]
        .filter((text) => text !== undefined)
        .join('\n\n'),
    }
  })
}

async function readMode(
  connection: AwsConnection,
  name: string | undefined,
): Promise<PolicyMode | undefined> {
  if (name === undefined) return undefined
  const { LambdaClient } = await import('@aws-sdk/client-lambda')
  const lambda = connection.open(LambdaClient)
  return (await readPolicyAnswer(lambda, name))?.mode
}
