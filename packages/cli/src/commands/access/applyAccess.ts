import { open } from 'node:fs/promises'
import type { KMSClient } from '@aws-sdk/client-kms'
import { BaseError, InputError, quote } from '@keyward/core/errors'
import type { Finding, GivenRoles, Resolved } from '@keyward/iam/review'
import { Findings, normal } from '@keyward/iam/review'
import { note } from '@keyward/toolkit'
import {
  type KeyAccess,
  openAccess,
  type PreparedPlan,
  preparePlan,
  readKeyAccess,
  readPolicy,
  type Subject,
} from '@keyward/toolkit/access'
import { KeyPolicyRefusedError } from '@keyward/toolkit/aws'
import type { Result } from '../../output/Result.js'
import type { Terminal } from '../../terminal/Terminal.js'
import { findAll, rolesText } from './checkAccess.js'
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
  subject: Subject,
  given: GivenRoles,
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
    // Somebody may have changed it while this one thought about it.
    if ((await readPolicy(kms, access.key.arn)) !== access.policyText)
      throw new PolicyMovedError(access.key.arn)
    const revoked = await revokeGrants(terminal, kms, access.key.arn, revoke)
    if (plan.isChange) await putPolicy(kms, access.key.arn, plan)
    const findings = await lookAgain(terminal, kms, access, plan, meant)
    return {
      data: { ...data, changed: true, revoked, findings },
      text: conclusion(access, findings),
      exitCode: findings === undefined || findings.length === 0 ? 0 : 1,
    }
  })
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
  try {
    const handle = await open(file, 'wx', 0o600)
    try {
      await handle.writeFile(`${policyText}\n`)
      await handle.sync()
    } finally {
      await handle.close()
    }
  } catch (error) {
    throw new InputError(`--backup ${quote(file)} can't be written.`, {
      details: `${(error as NodeJS.ErrnoException).code}: give a file that is not there yet. Nothing was changed.`,
      cause: error,
    })
  }
  note(
    terminal,
    `The policy before this is in ${file}. It comes back by: ${restore} ${key.arn} --policy file://${file}`,
  )
}

/** Before the policy, which leaves nobody the right to. */
async function revokeGrants(
  terminal: Terminal,
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
        terminal,
        `You may not revoke the grant ${grantId} (kms:RevokeGrant); it stays.`,
      )
    }
  return revoked
}

const attempts = 8

/** What KMS has now; it may take some seconds to answer with the new one. */
async function lookAgain(
  terminal: Terminal,
  client: KMSClient,
  { key }: KeyAccess,
  { document }: PreparedPlan,
  meant: Resolved,
): Promise<Finding.Finding[] | undefined> {
  try {
    for (let attempt = 1; ; attempt++) {
      const access = await readKeyAccess(client, key.arn)
      const { Statement } = JSON.parse(access.policyText) as typeof document
      if (normal(Statement) === normal(document.Statement))
        return findAll(access, meant)
      if (attempt === attempts) throw new PolicyMovedError(key.arn)
      await new Promise((done) => setTimeout(done, 100 * 2 ** attempt))
    }
  } catch (error) {
    if ((error as Error).name !== 'AccessDeniedException') throw error
    note(
      terminal,
      'The policy was set. You may not read it yourself any more: let an administrator check it.',
    )
    return undefined
  }
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

/** Another policy than the one that was looked at is there. */
export class PolicyMovedError extends BaseError {
  override readonly name = 'PolicyMovedError'

  constructor(keyArn: string) {
    super('policy-moved', `Somebody else changed the policy of ${keyArn}.`, {
      details:
        'It is another than the one that was looked at or set here. Look at ' +
        'it again: keyward access check.',
    })
  }
}
