import { expect, test } from 'vitest'
import * as Report from '../reconcile/Report.js'
import { toMetrics } from './toMetrics.js'

const account = { chainId: 1, address: `0x${'ab'.repeat(20)}` as const }
const write = (report: Report.Report, balanceEther?: number) =>
  JSON.parse(
    toMetrics(report, account, { now: 1_795_600_000_000, balanceEther }),
  )

test('only the gauges are written if nothing happens', () => {
  const report = { ...Report.create(), finalBelow: 7, next: 7 }
  const { _aws, ...values } = write(report, 1.5)
  expect(values).toEqual({
    ChainId: '1',
    Address: account.address,
    Open: 0,
    Unsettled: 0,
    BalanceEther: 1.5,
  })
  expect(_aws).toEqual({
    Timestamp: expect.any(Number),
    CloudWatchMetrics: [
      {
        Namespace: 'Keyward',
        Dimensions: [['ChainId', 'Address']],
        Metrics: [
          { Name: 'Open', Unit: 'Count' },
          { Name: 'Unsettled', Unit: 'Count' },
          { Name: 'BalanceEther', Unit: 'None' },
        ],
      },
    ],
  })
})

test('events are counted, and unknown values are left out', () => {
  const report = { ...Report.create(), finalBelow: 2, next: 7 }
  Object.assign(report.counts, { mined: 2, failed: 1 })
  const { _aws, ...values } = write(report)
  expect(values).toMatchObject({ Open: 0, Unsettled: 5, Mined: 2, Failed: 1 })
  const names = _aws.CloudWatchMetrics[0].Metrics.map(
    ({ Name }: { Name: string }) => Name,
  )
  // CloudWatch drops a metric that has no number beside it.
  expect(names).toEqual(['Open', 'Unsettled', 'Mined', 'Failed'])
  for (const name of names) expect(values[name]).toEqual(expect.any(Number))
})
