import type { JsonObject } from '../Json.js'
import {
  integer,
  list,
  members,
  object,
  oneOf,
  readProperties,
  tags,
  text,
} from '../properties.js'
import { quote } from '../StackError.js'
import { TemplateError } from '../TemplateError.js'
import { eventPattern } from './eventPattern.js'
import { recordOnly } from './recordOnly.js'

const target = members({
  Arn: text,
  Id: text,
  Input: text,
  RetryPolicy: members({
    MaximumEventAgeInSeconds: integer,
    MaximumRetryAttempts: integer,
  }),
})

const read = (properties: JsonObject) =>
  readProperties(properties, {
    Description: text,
    EventPattern: eventPattern,
    Name: text,
    ScheduleExpression: text,
    State: oneOf('ENABLED', 'DISABLED'),
    Tags: tags,
    Targets: list((value) => value),
  })

const functionArn = /^arn:aws[a-z-]*:lambda:/
const topicArn = /^arn:aws[a-z-]*:sns:/

/**
 * A rule that starts functions on a schedule, which the home does, or one that
 * notifies people, which the home accepts but doesn't run.
 */
export const EventsRule = recordOnly({
  check(properties) {
    const given = read(properties)
    const { ScheduleExpression, EventPattern, Targets = [] } = given
    const { Name = 'r', Description = '' } = given
    if (!/^[.\-\w]{1,64}$/.test(Name))
      throw new TemplateError(
        `Name is ${quote(Name)}. It must be 1 to 64 letters, digits, dots, hyphens or underscores.`,
      )
    if (Description.length > 512)
      throw new TemplateError(
        `Description has ${Description.length} characters. EventBridge allows up to 512.`,
      )
    if (Targets.length > 5)
      throw new TemplateError(
        `The rule has ${Targets.length} targets. EventBridge allows up to 5.`,
      )
    if (ScheduleExpression === undefined && EventPattern === undefined)
      throw new TemplateError('It needs ScheduleExpression or EventPattern.')
    if (ScheduleExpression !== undefined) toPeriodMs(ScheduleExpression)
    for (const each of Targets) {
      const Arn = object(each).Arn
      if (typeof Arn === 'string' && topicArn.test(Arn)) continue
      const isFunction = typeof Arn === 'string' && functionArn.test(Arn)
      if (!isFunction || EventPattern !== undefined)
        throw new TemplateError(
          'Targets: In the local home, a target must be an SNS topic (which is ' +
            'never notified), or a function if the rule has only a ' +
            'ScheduleExpression.',
        )
      assertRetries(target(each).RetryPolicy)
    }
  },
  identify(properties, { generatedName, home }) {
    const { Name = generatedName } = read(properties)
    const Arn = `arn:aws:events:${home.region}:${home.accountId}:rule/${Name}`
    return { physicalId: Name, attributes: { Arn } }
  },
})

function assertRetries({
  MaximumEventAgeInSeconds: age = 86_400,
  MaximumRetryAttempts: attempts = 185,
}: {
  MaximumEventAgeInSeconds?: number
  MaximumRetryAttempts?: number
} = {}): void {
  if (age < 60 || age > 86_400 || attempts < 0 || attempts > 185)
    throw new TemplateError(
      'RetryPolicy: MaximumEventAgeInSeconds must be from 60 to 86400, and MaximumRetryAttempts from 0 to 185.',
    )
}

/** The targets that a rule starts on schedule. */
export type Schedule = {
  everyMs: number
  targets: readonly { functionArn: string; input: string | undefined }[]
}

/** Reads the schedule of a rule whose properties have been checked. */
export function readSchedule(properties: JsonObject): Schedule | undefined {
  const { ScheduleExpression, State, Targets = [] } = read(properties)
  if (ScheduleExpression === undefined || State === 'DISABLED') return undefined
  const targets = Targets.flatMap((each) => {
    const { Arn, Input } = object(each)
    return typeof Arn === 'string' && functionArn.test(Arn)
      ? [
          {
            functionArn: Arn,
            input: Input === undefined ? undefined : text(Input),
          },
        ]
      : []
  })
  return { everyMs: toPeriodMs(ScheduleExpression), targets }
}

const unitMs = { minute: 60_000, hour: 3_600_000, day: 86_400_000 }

/** @throws TemplateError */
function toPeriodMs(expression: string): number {
  const [, count = '', unit = '', plural] =
    /^rate\(([1-9]\d{0,4}) (minute|hour|day)(s?)\)$/.exec(expression) ?? []
  // Like AWS, this checks the unit: rate(1 minutes) is refused.
  if (count !== '' && (count === '1') === (plural === ''))
    return Number(count) * unitMs[unit as keyof typeof unitMs]
  throw new TemplateError(
    `ScheduleExpression ${JSON.stringify(expression.slice(0, 80))} is not supported. The local home supports only rates in minutes, hours and days. The unit is singular with 1: rate(1 minute), rate(5 minutes).`,
  )
}
