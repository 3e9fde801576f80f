import type { Change } from '@aws-sdk/client-cloudformation'
import { isMissing } from '../aws/peek.js'
import type { CloudFormation } from '../stack/CloudFormation.js'
import type { ResourceChange } from './ResourceChange.js'

export type { ResourceChange }

export type ChangeSet = {
  name: string
  /** ARN of the change set. */
  id: string
  stackId: string
  changes: readonly ResourceChange[]
  /**
   * CloudFormation keeps a change set that has no changes and marks it as
   * failed.
   */
  empty: boolean
}

/** @returns Undefined if there is none. */
export async function read(
  client: CloudFormation,
  stack: string,
  name: string,
): Promise<ChangeSet | undefined> {
  const { DescribeChangeSetCommand } = await import(
    '@aws-sdk/client-cloudformation'
  )
  const changes: ResourceChange[] = []
  let token: string | undefined
  let found: ChangeSet | undefined
  try {
    do {
      const answer = await client.send(
        new DescribeChangeSetCommand({
          StackName: stack,
          ChangeSetName: name,
          ...(token !== undefined && { NextToken: token }),
        }),
      )
      changes.push(...(answer.Changes ?? []).flatMap(toChange))
      found = {
        name,
        id: answer.ChangeSetId ?? name,
        stackId: answer.StackId ?? stack,
        changes,
        empty: answer.Status === 'FAILED' && changes.length === 0,
      }
      token = answer.NextToken
    } while (token !== undefined)
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
  return found
}

function toChange({ ResourceChange: change }: Change): ResourceChange[] {
  if (change === undefined) return []
  const { Action, Replacement, Details = [] } = change
  const replaced = Replacement === 'True' || Replacement === 'Conditional'
  return [
    {
      action:
        Action === 'Add'
          ? 'add'
          : Action === 'Remove'
            ? 'remove'
            : Action !== 'Modify'
              ? 'other'
              : replaced
                ? 'replace'
                : 'modify',
      type: change.ResourceType ?? '',
      logicalId: change.LogicalResourceId ?? '',
      physicalId: change.PhysicalResourceId ?? '',
      scope: [
        ...new Set(
          Details.map(({ Target }) => Target?.Name ?? Target?.Attribute ?? ''),
        ),
      ].filter((each) => each !== ''),
      properties: [],
      maybe: Replacement === 'Conditional',
      policy: change.PolicyAction,
    },
  ]
}

/** Changes after which the functions would sign for another account. */
export function losesKey(changes: readonly ResourceChange[]): boolean {
  return changes.some(
    ({ action, type }) =>
      type === 'AWS::KMS::Key' && (action === 'remove' || action === 'replace'),
  )
}
