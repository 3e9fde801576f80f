import { randomUUID } from 'node:crypto'
import type { AwsResponse, Service } from '../protocol/Service.js'
import type { Schedule } from '../template/resources/EventsRule.js'

/** An EventBridge rule that starts functions on a schedule. */
export type ScheduledRule = { arn: string; schedule: Schedule }

export type Schedules = { close(): void }

const lookMs = 1000

/**
 * EventBridge's scheduler. It starts the targets of all rules as the service
 * events.amazonaws.com, which the functions' policies must allow. A rule starts
 * its targets when it is first seen, and then at its rate.
 */
export function createSchedules(parameters: {
  accountId: string
  region: string
  lambda: Pick<Service, 'handle'>
  /** Called repeatedly, because stacks are created, changed and deleted. */
  rules: () => readonly ScheduledRule[]
  /** The home's time, in milliseconds since 1970. */
  now: () => number
  /** Receives a line for the user if a target can't be started. */
  onEvent: (event: string) => void
  /** How often the rules are checked. Default: each second. */
  everyMs?: number
}): Schedules {
  const { accountId, region, lambda, rules, now, onEvent } = parameters
  /** The next due time of each rule, by ARN. */
  const due = new Map<string, number>()
  /** The last line about each rule, so that the same line isn't repeated. */
  const said = new Map<string, string>()

  const timer = setInterval(look, parameters.everyMs ?? lookMs)
  timer.unref()
  return { close: () => clearInterval(timer) }

  function look() {
    const time = now()
    const all = rules()
    for (const arn of [...due.keys()])
      if (!all.some((rule) => rule.arn === arn)) due.delete(arn)
    for (const rule of all) {
      const { everyMs } = rule.schedule
      const next = due.get(rule.arn) ?? time
      // Setting the clock back must not stop the schedule.
      if (next > time && next - time <= everyMs) continue
      due.set(rule.arn, time + everyMs)
      for (const target of rule.schedule.targets) start(rule, target, time)
    }
  }

  async function start(
    { arn }: ScheduledRule,
    target: Schedule['targets'][number],
    time: number,
  ): Promise<void> {
    const event = target.input ?? JSON.stringify(toEvent(arn, time))
    const service = 'events.amazonaws.com'
    const problem = await lambda
      .handle({
        method: 'POST',
        path: `/2015-03-31/functions/${encodeURIComponent(target.functionArn)}/invocations`,
        query: new URLSearchParams(),
        headers: { 'x-amz-invocation-type': 'Event' },
        body: Buffer.from(event),
        requestId: randomUUID(),
        principal: {
          arn: service,
          account: accountId,
          service,
          sourceArn: arn,
        },
      })
      .then(toProblem, (error: unknown) => String(error))
    if (problem !== undefined && said.get(arn) !== problem)
      onEvent(`The rule ${arn} can't start its target: ${problem}`)
    said.set(arn, problem ?? '')
  }

  function toEvent(ruleArn: string, time: number) {
    return {
      version: '0',
      id: randomUUID(),
      'detail-type': 'Scheduled Event',
      source: 'aws.events',
      account: accountId,
      time: new Date(time).toISOString().replace(/\.\d{3}Z$/, 'Z'),
      region,
      resources: [ruleArn],
      detail: {},
    }
  }
}

function toProblem({ status, body }: AwsResponse): string | undefined {
  if (status < 300) return undefined
  const { Message = status } = JSON.parse(String(body ?? '{}'))
  return String(Message)
}
