import { setTimeout as pause } from 'node:timers/promises'
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { BaseError } from '@keyward/core/errors'
import { nameOf } from '../aws/peek.js'
import * as Step from '../stack/Step.js'
import {
  type LedgerTable,
  readPolicy,
  type TablePolicy,
} from './LedgerTable.js'
import { isSame, type ProtectionPlan } from './planProtection.js'

/** Describes the roles that are allowed to change a ledger's table. */
export const whoProtects =
  'the role that deploys stacks or the role that restores tables'

/**
 * Carries out a plan, trying every part even if another fails. The policy comes
 * first, and is read back.
 */
export async function protectTable(
  client: DynamoDBClient,
  { arn, name }: LedgerTable,
  before: TablePolicy | undefined,
  plan: ProtectionPlan,
): Promise<Step.Step[]> {
  const sdk = await import('@aws-sdk/client-dynamodb')
  const steps: Step.Step[] = []
  const run = async (part: string, action: () => Promise<string>) => {
    steps.push(await Step.run('table', part, whoProtects, action))
  }
  if (plan.setsPolicy)
    await run(`policy of ${name}`, async () => {
      await putPolicy(client, arn, before, plan)
      return 'was set and read back'
    })
  if (plan.setsDeletionProtection)
    await run(`deletion protection of ${name}`, async () => {
      await client.send(
        new sdk.UpdateTableCommand({
          TableName: name,
          DeletionProtectionEnabled: true,
        }),
      )
      return 'is on'
    })
  if (plan.setsRecovery !== false)
    await run(`point-in-time recovery of ${name}`, async () => {
      await client.send(
        new sdk.UpdateContinuousBackupsCommand({
          TableName: name,
          PointInTimeRecoverySpecification: {
            PointInTimeRecoveryEnabled: true,
          },
        }),
      )
      return 'is on'
    })
  return steps
}

const attempts = 8

async function putPolicy(
  client: DynamoDBClient,
  arn: string,
  before: TablePolicy | undefined,
  { document }: ProtectionPlan,
): Promise<void> {
  const { PutResourcePolicyCommand } = await import('@aws-sdk/client-dynamodb')
  try {
    await client.send(
      new PutResourcePolicyCommand({
        ResourceArn: arn,
        Policy: JSON.stringify(document),
        // The policy may have changed since the plan was made.
        ExpectedRevisionId: before?.revisionId ?? 'NO_POLICY',
      }),
    )
  } catch (error) {
    if (nameOf(error) === 'PolicyNotFoundException')
      throw new LedgerPolicyMovedError(arn, { isSet: false })
    throw error
  }
  // DynamoDB may take a few seconds to return the new policy.
  for (let attempt = 1; ; attempt++) {
    const now = await readPolicy(client, arn)
    if (now !== undefined && isSame(now.text, document)) return
    if (attempt === attempts)
      throw new LedgerPolicyMovedError(arn, { isSet: true })
    await pause(100 * 2 ** attempt)
  }
}

/** The table's policy was changed after the command had examined it. */
export class LedgerPolicyMovedError extends BaseError {
  override readonly name = 'LedgerPolicyMovedError'

  /** @param isSet - Whether this command had already set its policy. */
  constructor(arn: string, { isSet }: { isSet: boolean }) {
    super(
      'policy-moved',
      `Someone else changed the policy of ${arn} in the meantime.`,
      {
        details:
          (isSet
            ? 'This command set a policy, but DynamoDB now returns a different one. '
            : 'Nothing was changed, because the current policy is not the one that this command read. ') +
          'To see the current policy, run keyward ledger protect again.',
      },
    )
  }
}
