import { peek, seen } from '../aws/peek.js'
import type { Target } from '../aws/Target.js'
import type { CloudFormation } from '../stack/CloudFormation.js'
import { inStack, type Parts } from '../stack/findParts.js'
import { assertKeywards } from '../stack/isKeywards.js'
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
 * @throws StackMissingError, ForeignStackError
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
  // A stack that was never created has no template.
  const template =
    stack.resources.length === 0
      ? undefined
      : seen(await peek(() => readTemplate(client, stack.id)))
  assertKeywards(stack, template)
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

/**
 * Whether a log group belongs to one of Keyward's functions, by the construct
 * that creates it. The stack of an app can contain others.
 */
function isOwnLog(logicalId: string): boolean {
  return /^(?:Eip1559|Legacy|Message|SenderFunction|SenderReconciler|Cosigner\d+|Coordinator|GuardReconcilerReconciler)Logs[0-9A-F]{8}$/.test(
    logicalId,
  )
}

/** What happens to each resource. */
export function fatesOf(
  { stack, template, gone }: Remains,
  { keepLogs, goneKeys }: { keepLogs: boolean; goneKeys: readonly string[] },
): Fate[] {
  // CloudFormation lists the log groups of a deleted stack together with those
  // that an earlier deployment left behind, also under the same logical id.
  // Those stay, so one that can't be told from them stays too.
  const isLeftover = (logicalId: string) =>
    template?.Resources?.[logicalId] === undefined ||
    stack.resources.filter((each) => each.logicalId === logicalId).length > 1
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
      if (type === 'AWS::Logs::LogGroup' && isOwnLog(logicalId)) {
        const stays = keepLogs || (gone && isLeftover(logicalId))
        return { type, id, fate: stays ? 'stay' : 'remove' }
      }
      // Without the template, nobody knows whether it would be retained, and
      // this command deletes log groups itself.
      if (type === 'AWS::Logs::LogGroup' && template === undefined)
        return { type, id, fate: 'stay' }
      if (gone) return { type, id, fate: retained ? 'stay' : 'gone' }
      return { type, id, fate: retained ? 'stay' : 'remove' }
    })
}
