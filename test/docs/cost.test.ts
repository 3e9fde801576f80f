import { describe, expect, test } from 'vitest'
import { toMetrics } from '../../packages/sender/src/events/toMetrics.js'
import * as Report from '../../packages/sender/src/reconcile/Report.js'
import { readGuide, tableRows } from '../support/readGuide.js'

// docs/guides/cost.md: every amount follows from the unit prices it names.

const units = tableRows('cost', 'Unit prices')
const price = (what: RegExp, unit: string): number => {
  const found = units.filter(
    ([name = '', of]) => what.test(name) && of === unit,
  )
  expect(found, `one price for ${what}`).toHaveLength(1)
  return Number(found[0]?.[2])
}

const hours = 730
const key = price(/KMS key/, 'month')
const sign = price(/`Sign`/, '10,000') / 10_000
const lambda =
  price(/request to Lambda/, '1,000,000') / 1e6 +
  price(/Lambda on arm64/, 'GB-second') * 0.5 * 0.1
const logs = price(/logs/, 'GB') * 1.5e-6
const ledger =
  (12 * price(/DynamoDB write/, '1,000,000') +
    3 * price(/DynamoDB read/, '1,000,000')) /
  1e6
const aMinute =
  price(/request to Lambda/, '1,000,000') / 1e6 +
  price(/Lambda on arm64/, 'GB-second') * 0.5 * 0.2 +
  price(/logs/, 'GB') * 2.5e-6 +
  (5 * price(/DynamoDB read/, '1,000,000') +
    price(/DynamoDB write/, '1,000,000')) /
    1e6
/** What a run writes. */
const metricsOf = (happened: Partial<Report.Report['counts']>): number => {
  const report = Report.create()
  Object.assign(report.counts, happened)
  const account = { chainId: 1, address: '0x' } as const
  const line = toMetrics(report, account, { now: Date.now(), balanceEther: 1 })
  return JSON.parse(line)._aws.CloudWatchMetrics[0].Metrics.length
}
const idle = metricsOf({})
const busy = metricsOf({ mined: 1 })
const metric = price(/metric/, 'month')
const sending = 60 * hours * aMinute + idle * metric
const byFunction = sign + lambda + logs
const fargate =
  2 * hours * (price(/Fargate/, 'vCPU-hour') + 2 * price(/Fargate/, 'GB-hour'))

const toDollars = (amount: number) => amount.toFixed(2)

test('the volumes cost what their signatures cost', () => {
  const volumes = [0, 10_000, 1_000_000, 3600 * hours]
  const each: [RegExp, number, number, number][] = [
    [/^library/, key, 0, sign],
    [/^the signer functions$/, key, 0, byFunction],
    [/^sending/, key + sending, (busy - idle) * metric, byFunction + ledger],
  ]
  const rows = tableRows('cost', 'What Keyward costs')
  expect(rows).toHaveLength(each.length)
  for (const [index, [name, always, once, per]] of each.entries()) {
    const [label = '', ...amounts] = rows[index] ?? []
    expect(label).toMatch(name)
    expect(amounts).toEqual(
      volumes.map((count) =>
        toDollars(always + (count > 0 ? once : 0) + count * per),
      ),
    )
  }
})

test('the metrics are counted', () => {
  expect(readGuide('cost')).toContain(`writes ${idle} metrics for each account`)
  expect(busy - idle).toBe(1)
})

test('one and a million', () => {
  expect(tableRows('cost', 'What Keyward costs', 1)).toEqual([
    ['one signature by the library', sign.toFixed(6)],
    ['one signature by a function', byFunction.toFixed(9)],
    ['a million signatures by the library', toDollars(1e6 * sign)],
    ['a million signatures by a function', toDollars(1e6 * byFunction)],
    ['a second key', `${toDollars(key)} a month`],
  ])
})

test('what else may be on the bill', () => {
  const trail = price(/CloudTrail/, '100,000') / 100_000
  const zone = 2 * hours
  const gb =
    price(/DynamoDB table/, 'GB-month') + price(/point-in-time/, 'GB-month')
  const rows = tableRows('cost', 'What else can be on the bill')
  expect(rows.map(([, amount]) => amount)).toEqual(
    [
      1e6 * (hours / 24) * trail,
      zone * (2 * price(/interface/, 'zone-hour') + price(/NAT/, 'hour')),
      2.5 * gb,
      1e6 * price(/Lambda on arm64/, 'GB-second') * 0.5,
      7 * price(/alarm/, 'month'),
    ].map(toDollars),
  )
  expect(readGuide('network')).toContain('costs $94.90')
})

describe('the alternatives', () => {
  const rows = tableRows('cost', 'Against the alternatives')
  const sent = byFunction + ledger + ((busy - idle) * metric) / 1e6
  test.each([
    // What is paid once, for each key, and for each signature.
    [/^Keyward, the signer/, 0, key, byFunction],
    [/^Keyward, a stack that sends/, 0, key + sending, sent],
    [/^Web3Signer on Fargate/, fargate, key, sign],
    [/^Web3Signer on EC2/, 2 * hours * price(/EC2/, 'hour'), key, sign],
    [/^OpenZeppelin Relayer/, fargate, key, sign],
    [/^CloudHSM/, 2 * hours * price(/CloudHSM/, 'hour'), 0, 0],
  ])('%s', (name, once, each, per) => {
    const [row] = rows.filter(([label = '']) => name.test(label))
    expect(row?.slice(1, 4)).toEqual(
      [once + each, once + 10 * each, 1e6 * per].map(toDollars),
    )
  })
})
