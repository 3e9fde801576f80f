import { peek, seen } from '../aws/peek.js'
import type { Target } from '../aws/Target.js'
import type { CloudFormation } from '../stack/CloudFormation.js'
import { inStack, type Parts } from '../stack/findParts.js'
import { readStack, readTemplate, type Stack } from '../stack/readStack.js'
import { StackMissingError } from '../stack/StackMissingError.js'
import { isRetained, type Template } from '../stack/Template.js'

/** An existing stack, or what remains of a destroyed one. */
export type Remains = {
  stack: Stack
  template: Template | undefined
  parts: Parts
  /** Whether CloudFormation has already deleted the stack. */
  gone: boolean
}

/**
 * Finds a stack by name. If the stack is gone, finds the last one that had this
 * name; CloudFormation remembers deleted stacks for 90 days.
 *
 * @throws StackMissingError
 */
export async function findRemains(
  client: CloudFormation,
  target: Target,
  name: string,
): Promise<Remains> {
  const found = await readStack(client, name)
  const gone = found === undefined || found.status === 'DELETE_COMPLETE'
  const stack = gone ? await lastDeleted(client, name) : found
  if (stack === undefined) throw new StackMissingError(name, target)
  const template = seen(
    // A stack that was never created has no template.
    await peek(() => readTemplate(client, stack.id).catch(() => undefined)),
  )
  return { stack, template, parts: inStack(stack, template), gone }
}

async function lastDeleted(
  client: CloudFormation,
  name: string,
): Promise<Stack | undefined> {
  const { ListStacksCommand } = await import('@aws-sdk/client-cloudformation')
  let last: { id: string; at: number } | undefined
  let token: string | undefined
  do {
    const { StackSummaries = [], NextToken } = await client.send(
      new ListStacksCommand({
        StackStatusFilter: ['DELETE_COMPLETE'],
        ...(token !== undefined && { NextToken: token }),
      }),
    )
    for (const { StackName, StackId = '', DeletionTime } of StackSummaries) {
      const at = DeletionTime?.getTime() ?? 0
      if (StackName === name && at >= (last?.at ?? 0))
        last = { id: StackId, at }
    }
    token = NextToken
  } while (token !== undefined)
  return last && readStack(client, last.id)
}

/** A resource, and what happens to it. */
export type Fate = {
  type: string
  id: string
  /** `schedule`: KMS deletes the key after the waiting period. */
  fate: 'remove' | 'schedule' | 'stay' | 'gone'
  /** A table that the stack did not create, and other stacks may use. */
  given?: true
}

/** What happens to each resource. */
export function fatesOf(
  { stack, template, gone }: Remains,
  { keepLogs, goneKeys }: { keepLogs: boolean; goneKeys: readonly string[] },
): Fate[] {
  return stack.resources
    .filter(({ physicalId }) => physicalId !== '')
    .map(({ type, physicalId: id, logicalId, status }) => {
      const retained =
        status === 'DELETE_SKIPPED' ||
        (template !== undefined && isRetained(template, logicalId))
      if (type === 'AWS::KMS::Key') {
        const isGone = goneKeys.some((arn) => arn.endsWith(`/${id}`))
        return { type, id, fate: isGone ? 'gone' : 'schedule' }
      }
      // CloudFormation lists the log groups of a deleted stack together with
      // those that an earlier deployment left behind, which stay.
      const isLeftover =
        template !== undefined && template.Resources?.[logicalId] === undefined
      if (type === 'AWS::Logs::LogGroup')
        return { type, id, fate: keepLogs || isLeftover ? 'stay' : 'remove' }
      if (gone) return { type, id, fate: retained ? 'stay' : 'gone' }
      return { type, id, fate: retained ? 'stay' : 'remove' }
    })
}
