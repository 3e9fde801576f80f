import { systemRuntime } from '@keyward/core/rpc'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { describeWindows } from '../../../../../test/support/windows/describeWindows.js'
import {
  type GuardTable,
  openGuardTable,
} from '../../../../../test/support/windows/openGuardTable.js'

describe('windows on DynamoDB', () => {
  let now = Date.now()
  let table: GuardTable
  beforeAll(async () => {
    table = await openGuardTable(() => now)
  })
  afterAll(() => table.close())

  // Its own clock is right only where the table's happens to be.
  describeWindows({
    newWindows: () => table.newWindows(),
    setTime(ms) {
      now = ms
    },
  })

  test('before anything is signed: one write for each item and one more', async () => {
    now = Math.floor(Date.now() / 1000) * 1000
    const windows = table.newWindows({ ...systemRuntime, now: () => now })
    const charges = ['hour', 'day', 'week'].flatMap((length) =>
      [{ caller: 'c' }, { recipient: 'r' }, {}].map((scope) => ({
        window: { id: length, asset: 'counted', length, limit: 100n } as const,
        scope,
        amount: 1n,
      })),
    )
    const reserve = (id: string) => windows.reserve({ id, charges })
    await windows.commit(await reserve('counted-1'))
    table.calls.length = 0
    table.roundTrips = 0
    const reservation = await reserve('counted-2')
    const { settle } = await windows.commit(reservation)
    expect(table.calls).toEqual([...Array(3).fill('UpdateItem'), 'PutItem'])
    expect(table.roundTrips).toBe(2)
    // Beside KMS.
    table.calls.length = 0
    await settle()
    expect(table.calls).toEqual(Array(3).fill('UpdateItem'))
    // The reconciler begins the buckets, so that it stays so.
    now += 300_000
    await windows.recover()
    table.calls.length = 0
    table.roundTrips = 0
    await windows.commit(await reserve('counted-3'))
    expect(table.calls).toEqual([...Array(3).fill('UpdateItem'), 'PutItem'])
    expect(table.roundTrips).toBe(2)
  })
})
