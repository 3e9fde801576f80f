import { setTimeout as pause } from 'node:timers/promises'
import type { StackEvent } from '@aws-sdk/client-cloudformation'
import type { Target } from '../aws/Target.js'
import type { Io } from '../Io.js'
import type { CloudFormation } from '../stack/CloudFormation.js'

/** How an operation on a stack ended. */
export type Outcome = {
  /** CloudFormation's term, e.g. `UPDATE_ROLLBACK_COMPLETE`. */
  status: string
  /**
   * The failures that caused the outcome, without those that merely resulted
   * from another failure.
   */
  failures: readonly { logicalId: string; type: string; reason: string }[]
  /**
   * Resources that were kept although their stack was deleted or could not be
   * created.
   */
  kept: readonly { type: string; physicalId: string }[]
}

/** The events that already existed. */
export type Mark = ReadonlySet<string>

/** The events of a stack so far, before an operation begins. */
export async function markEvents(
  client: CloudFormation,
  stack: string,
): Promise<Mark> {
  return new Set(
    (await readEvents(client, stack)).map(({ EventId = '' }) => EventId),
  )
}

/**
 * Prints a stack's events as they happen, until the operation ends.
 *
 * @param stackId - The ARN, because after a deletion the name no longer
 * identifies the stack.
 * @param total - The number of resources that change, if known.
 */
export async function followStack(
  io: Io,
  client: CloudFormation,
  target: Target,
  stackId: string,
  before: Mark,
  total?: number,
): Promise<Outcome> {
  try {
    return await followEvents(io, client, target, stackId, before, total)
  } finally {
    io.notify({ kind: 'progressEnd' })
  }
}

async function followEvents(
  io: Io,
  client: CloudFormation,
  target: Target,
  stackId: string,
  before: Mark,
  total: number | undefined,
): Promise<Outcome> {
  const told = new Set(before)
  const failures: Outcome['failures'][number][] = []
  const kept: Outcome['kept'][number][] = []
  const finished = new Set<string>()
  let lastStep = ''
  for (;;) {
    const events = await readEvents(client, stackId, told)
    for (const event of events.reverse()) {
      told.add(event.EventId ?? '')
      const { ResourceStatus: status = '', ResourceStatusReason: why } = event
      const failed = status.endsWith('_FAILED')
      // A creation is reported twice: when it starts, and when the resource has
      // an id.
      const step = `${status} ${event.LogicalResourceId}`
      const repeated = step === lastStep
      lastStep = step
      const line = `  ${status.padEnd(28)} ${event.ResourceType ?? ''}  ${event.LogicalResourceId ?? ''}${why && failed ? `  ${why}` : ''}`
      const type = event.ResourceType ?? ''
      const id = event.LogicalResourceId ?? ''
      if (/_(COMPLETE|SKIPPED)$/.test(status) && !isOfStack(event))
        finished.add(id)
      if (!repeated && failed) io.notify({ kind: 'failure', text: line })
      else if (!repeated)
        io.notify({
          ...{ kind: 'progress', line, total, done: finished.size },
          text: isOfStack(event)
            ? `${id}: ${inWords(status)}`
            : `${inWords(status)} ${type} ${id}`,
        })
      if (failed && !isConsequence(why))
        failures.push({
          logicalId: event.LogicalResourceId ?? '',
          type,
          reason: why ?? 'no reason given',
        })
      if (status === 'DELETE_SKIPPED')
        kept.push({ type, physicalId: event.PhysicalResourceId ?? '' })
      if (isOfStack(event) && isEnd(status))
        return { status, failures: withoutStack(failures), kept }
    }
    await pause(target.kind === 'local' ? 200 : 2000)
  }
}

/** `CREATE_IN_PROGRESS` becomes `creating`, and `CREATE_COMPLETE` `created`. */
function inWords(status: string): string {
  const [, verb = '', end] = /^(.+)_(IN_PROGRESS|COMPLETE)$/.exec(status) ?? []
  const word = verb.toLowerCase().replaceAll('_', ' ')
  if (!/^(create|update|delete)$/.test(word) || end === undefined)
    return status.toLowerCase().replaceAll('_', ' ')
  return end === 'COMPLETE' ? `${word}d` : `${word.slice(0, -1)}ing`
}

/**
 * Reads the new events, newest first, as CloudFormation lists them; reads all
 * events if none are known.
 */
async function readEvents(
  client: CloudFormation,
  StackName: string,
  known: Mark = new Set(),
): Promise<StackEvent[]> {
  const { DescribeStackEventsCommand } = await import(
    '@aws-sdk/client-cloudformation'
  )
  const events: StackEvent[] = []
  let token: string | undefined
  do {
    const { StackEvents = [], NextToken } = await client.send(
      new DescribeStackEventsCommand({
        StackName,
        ...(token !== undefined && { NextToken: token }),
      }),
    )
    const fresh = StackEvents.filter(({ EventId = '' }) => !known.has(EventId))
    events.push(...fresh)
    // Once a page contains a known event, older pages contain nothing new.
    token = fresh.length === StackEvents.length ? NextToken : undefined
  } while (token !== undefined)
  return events
}

function isOfStack(event: StackEvent): boolean {
  return event.PhysicalResourceId === event.StackId
}

/**
 * Whether no operation is running in this state. REVIEW_IN_PROGRESS counts as
 * such a state.
 */
export function isEnd(status: string): boolean {
  return !status.endsWith('_IN_PROGRESS') || status === 'REVIEW_IN_PROGRESS'
}

function isConsequence(reason: string | undefined): boolean {
  return /cancelled|The following resource\(s\) failed/i.test(reason ?? '')
}

function withoutStack(failures: Outcome['failures']): Outcome['failures'] {
  const parts = failures.filter(
    ({ type }) => type !== 'AWS::CloudFormation::Stack',
  )
  return parts.length > 0 ? parts : failures
}
