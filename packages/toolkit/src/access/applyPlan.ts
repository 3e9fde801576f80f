import type { KMSClient } from '@aws-sdk/client-kms'
import { BaseError } from '@keyward/core/errors'
import { type Finding, normal } from '@keyward/iam/review'
import { KeyPolicyRefusedError } from '../aws/KeyPolicyRefusedError.js'
import { readKeyPolicy } from '../aws/readKeyPolicy.js'
import { type Io, note } from '../Io.js'
import { findAll } from './findAll.js'
import type { PreparedPlan } from './preparePlan.js'
import { type KeyAccess, readKeyAccess } from './readKeyAccess.js'

/**
 * Sets a policy, revokes grants, and checks that this fixes the findings.
 *
 * @returns The findings afterwards; undefined if the policy can no longer be
 * read.
 * @throws PolicyMovedError, KeyPolicyRefusedError
 */
export async function applyPlan(
  io: Io,
  kms: KMSClient,
  what: {
    access: KeyAccess
    plan: PreparedPlan
    revoke: readonly string[]
    intended: Parameters<typeof findAll>[1]
  },
): Promise<{ revoked: string[]; findings: Finding.Finding[] | undefined }> {
  const { access, plan, revoke, intended } = what
  const { arn } = access.key
  // The policy may have changed since the plan was made.
  if ((await readKeyPolicy(kms, arn)) !== access.policyText)
    throw new PolicyMovedError(arn, { isSet: false })
  const revoked = await revokeGrants(io, kms, arn, revoke)
  if (plan.isChange) await putPolicy(kms, arn, plan)
  const findings = await lookAgain(io, kms, access, plan, intended)
  return { revoked, findings }
}

async function putPolicy(
  client: KMSClient,
  keyArn: string,
  { document }: PreparedPlan,
): Promise<void> {
  const { PutKeyPolicyCommand } = await import('@aws-sdk/client-kms')
  const command = new PutKeyPolicyCommand({
    KeyId: keyArn,
    PolicyName: 'default',
    Policy: JSON.stringify(document),
  })
  await client.send(command).catch((error) => {
    throw KeyPolicyRefusedError.from(error)
  })
}

/**
 * Revokes grants before the policy is set, because afterwards no one may have
 * permission to revoke them.
 */
async function revokeGrants(
  io: Io,
  client: KMSClient,
  keyArn: string,
  grantIds: readonly string[],
): Promise<string[]> {
  const { RevokeGrantCommand } = await import('@aws-sdk/client-kms')
  const revoked: string[] = []
  for (const grantId of grantIds)
    try {
      const input = { KeyId: keyArn, GrantId: grantId }
      await client.send(new RevokeGrantCommand(input))
      revoked.push(grantId)
    } catch (error) {
      const { name } = error as Error
      if (name === 'NotFoundException') continue
      if (name !== 'AccessDeniedException') throw error
      note(
        io,
        `The grant ${grantId} was not revoked: you have no permission (kms:RevokeGrant).`,
      )
    }
  return revoked
}

const attempts = 8

/**
 * Reads the policy that KMS has now. The new one may take a few seconds to
 * appear.
 */
async function lookAgain(
  io: Io,
  client: KMSClient,
  { key }: KeyAccess,
  { document }: PreparedPlan,
  intended: Parameters<typeof findAll>[1],
): Promise<Finding.Finding[] | undefined> {
  try {
    for (let attempt = 1; ; attempt++) {
      const access = await readKeyAccess(client, key.arn)
      const { Statement } = JSON.parse(access.policyText) as typeof document
      if (normal(Statement) === normal(document.Statement))
        return findAll(access, intended)
      if (attempt === attempts)
        throw new PolicyMovedError(key.arn, { isSet: true })
      await new Promise((done) => setTimeout(done, 100 * 2 ** attempt))
    }
  } catch (error) {
    if ((error as Error).name !== 'AccessDeniedException') throw error
    note(
      io,
      'The policy was set, but you can no longer read it. Ask an administrator to check it.',
    )
    return undefined
  }
}

/** The key's policy was changed after the command had examined it. */
export class PolicyMovedError extends BaseError {
  override readonly name = 'PolicyMovedError'

  /** @param isSet - Whether this command had already set its policy. */
  constructor(keyArn: string, { isSet }: { isSet: boolean }) {
    super(
      'policy-moved',
      `Someone else changed the policy of ${keyArn} in the meantime.`,
      {
        details:
          (isSet
            ? 'This command set a policy, but KMS now returns a different one. '
            : 'Nothing was changed, because the current policy is not the one that this command read. ') +
          'Check the current policy with keyward access check before you change it again.',
      },
    )
  }
}
