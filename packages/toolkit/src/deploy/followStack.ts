import { setTimeout as pause } from 'node:timers/promises'
import type { StackEvent } from '@aws-sdk/client-cloudformation'
import type { Target } from '../aws/Target.js'
import type { Io } from '../Io.js'
import type { CloudFormation } from '../stack/CloudFormation.js'

/** How an operation on a stack ended. */
export type Outcome = {
  /** CloudFormation's word, e.g. `UPDATE_ROLLBACK_COMPLETE`. */
  status: string
  /** What failed first and on its own, not because another part did. */
  failures: readonly { logicalId: string; type: string; reason: string }[]
  /** Resources that were kept while their stack, or its creation, went. */
  kept: readonly { type: string; physicalId: string }[]
}

/** Which events there were already. */
export type Mark = ReadonlySet<string>

/** The events of a stack so far, before something new begins. */
export async function markEvents(
  client: CloudFormation,
  stack: string,
): Promise<Mark> {
  return new Set(
    (await readEvents(client, stack)).map(({ EventId = '' }) => EventId),
  )
}

/**
 * Prints what happens to a stack as it happens, until it has ended.
 *
 * @param stackId - The ARN: after a deletion the name means nothing.
 * @param total - How many resources are changed, where that is known.
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
      // A creation is told twice: when it is begun, and when it has an id.
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

/** `CREATE_IN_PROGRESS` is `creating`, and `CREATE_COMPLETE` `created`. */
function inWords(status: string): string {
  const [, verb = '', end] = /^(.+)_(IN_PROGRESS|COMPLETE)$/.exec(status) ?? []
  const word = verb.toLowerCase().replaceAll('_', ' ')
  if (!/^(create|update|delete)$/.test(word) || end === undefined)
    return status.toLowerCase().replaceAll('_', ' ')
  return end === 'COMPLETE' ? `${word}d` : `${word.slice(0, -1)}ing`
}

/** New ones first, as CloudFormation lists them; all when nothing is known. */
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
    // Older pages hold nothing new once a page had something known.
    token = fresh.length === StackEvents.length ? NextToken : undefined
  } while (token !== undefined)
  return events
}

function isOfStack(event: StackEvent): boolean {
  return event.PhysicalResourceId === event.StackId
}

/** Whether a stack rests in a state; REVIEW_IN_PROGRESS does not move either. */
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
