import type { KeyRoles } from '@keyward/iam/key-policy'
import { Finding, type GivenRoles } from '@keyward/iam/review'
import type { AwsConnection } from '../aws/connectAws.js'
import type { Io } from '../Io.js'
import { readPolicyAnswer } from '../status/readAnswers.js'
import { rolesText } from './accessText.js'
import {
  findAroundThePolicy,
  modeText,
  type PolicyMode,
  remainingWays,
} from './aroundThePolicy.js'
import { findAll } from './findAll.js'
import { openAccess, type Subject } from './openAccess.js'

export type AccessReport = {
  key: string
  /** The assumed role of each principal. */
  roles: KeyRoles
  /** Role lists that were taken from the policy because none were given. */
  assumed: string[]
  findings: Finding.Finding[]
  /**
   * The mode of the stack's policy; null if it can't be read. Absent without a
   * policy.
   */
  policyMode?: PolicyMode | null
}

/** The key in question and the roles given for it. */
export type Asked = { subject: Subject; given: GivenRoles }

/**
 * Finds weaknesses in a key's policy and grants.
 *
 * @returns The findings, and as text the roles and what limits the policy; the
 * latter is empty without a policy.
 */
export function checkAccess(
  io: Io,
  { subject, given }: Asked,
): Promise<{ report: AccessReport; roles: string; ways: string }> {
  return openAccess(io, subject, given, async (open) => {
    const { access, meant, signers, connection } = open
    const mode = await readMode(connection, signers.guardedName)
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
        ...(signers.guardedName !== undefined && { policyMode: mode ?? null }),
      },
      roles: rolesText(access, meant),
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
