import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import {
  accountId,
  arnOf,
  region,
  startLambda,
} from '../../../../test/support/startLambda.js'
import { createAuthorize } from '../iam/createAuthorize.js'
import { toPermissionStatement } from '../lambda/toPermissionStatement.js'
import { createSchedules, type ScheduledRule } from './createSchedules.js'

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

const ruleArn = `arn:aws:events:${region}:${accountId}:rule/every-minute`
const rule = (input?: string): ScheduledRule => ({
  arn: ruleArn,
  schedule: {
    everyMs: 60_000,
    targets: [{ functionArn: arnOf('target'), input }],
  },
})

/** A function that logs its event, and a clock that the test moves. */
async function open(sourceArn: string | undefined, rules: ScheduledRule[]) {
  const authorize = createAuthorize({
    identityPolicies: () => [],
    now: Date.now,
  })
  const home = await startLambda({ authorize })
  closers.push(home.close)
  await home.put(
    'target',
    `export const handler = async (event) => {
       console.log('EVENT ' + JSON.stringify(event))
     }`,
  )
  if (sourceArn !== undefined)
    home.lambda.addPermission('target', {
      sid: 'rule',
      statement: toPermissionStatement({
        sid: 'rule',
        functionArn: arnOf('target'),
        action: 'lambda:InvokeFunction',
        principal: 'events.amazonaws.com',
        sourceArn,
      }),
    })
  const clock = { now: Date.UTC(2026, 0, 2, 3, 4, 5, 678) }
  const said: string[] = []
  const schedules = createSchedules({
    accountId,
    region,
    lambda: home.lambda,
    rules: () => rules,
    now: () => clock.now,
    onEvent: (event) => said.push(event),
    everyMs: 5,
  })
  closers.push(schedules.close)
  const events = () =>
    home.logged.flatMap(({ line }) => {
      const text = line.split('EVENT ')[1]
      return text === undefined ? [] : [JSON.parse(text.trim())]
    })
  return { clock, said, events }
}

test('a rule starts its function when it is seen, and then at its rate', async () => {
  const rules = [rule()]
  const { clock, said, events } = await open(ruleArn, rules)
  await expect.poll(() => events().length, { timeout: 20_000 }).toBe(1)
  expect(events()[0]).toEqual({
    version: '0',
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    'detail-type': 'Scheduled Event',
    source: 'aws.events',
    account: accountId,
    time: '2026-01-02T03:04:05Z',
    region,
    resources: [ruleArn],
    detail: {},
  })
  clock.now += 59_000
  await sleep(50)
  expect(events().length).toBe(1)
  clock.now += 1000
  await expect.poll(() => events().length).toBe(2)
  // A clock set back by an hour doesn't stop it for an hour.
  clock.now -= 3_600_000
  await expect.poll(() => events().length).toBe(3)
  rules.pop()
  clock.now += 600_000
  await sleep(50)
  expect(events().length).toBe(3)
  expect(said).toEqual([])
})

test('a rule may have its own event', async () => {
  const { events } = await open(ruleArn, [rule('{"own":1}')])
  await expect.poll(events, { timeout: 20_000 }).toEqual([{ own: 1 }])
})

test.each([
  ['nobody', undefined],
  ['another rule', ruleArn.replace('minute', 'hour')],
])('where the function lets in %s, it is said once', async (_, source) => {
  const { clock, said, events } = await open(source, [rule()])
  await expect.poll(() => said.length).toBe(1)
  expect(said[0]).toBe(
    `The rule ${ruleArn} can't start its target: User: events.amazonaws.com is not authorized to perform: lambda:InvokeFunction on resource: ${arnOf('target')} because no resource-based policy allows the lambda:InvokeFunction action`,
  )
  clock.now += 60_000
  await sleep(50)
  expect(said.length).toBe(1)
  expect(events()).toEqual([])
})
