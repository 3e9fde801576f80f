import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { createLedger } from '../../packages/sender/src/index.js'
import {
  openSenderHome,
  type SenderHome,
  toRequest,
} from '../support/openSenderHome.js'
import { openVictim, textOf } from '../support/openVictim.js'
import { startTamperingProxy } from '../support/startTamperingProxy.js'
import { soak } from '../support/tools.js'

// Requests so large that a batch of them is more than the client takes.

let home: SenderHome
let proxy: Awaited<ReturnType<typeof startTamperingProxy>>
beforeAll(async () => {
  home = await openSenderHome()
})
afterEach(() => proxy.close())
afterAll(() => home.close())

const openProxied = async () => {
  proxy = await startTamperingProxy(home.aws.endpoint)
  const { tableName } = home
  return createLedger({ ...home.aws, endpoint: proxy.endpoint, tableName })
}

type Batch = { Responses: Record<string, Record<string, unknown>[]> }

test.each(soak ? [36, 100] : [36])(
  '%d requests of 128 kB stop nobody, where a batch brings all of them',
  async (count) => {
    const victim = await openVictim(home)
    await victim.send()
    await Promise.all(
      Array.from({ length: count }, () => victim.accept(toRequest())),
    )
    const ledger = await openProxied()
    let longest = 0
    // As AWS, whose batch has up to 16 MB, and here the payloads as well.
    const payload = { S: 'ff'.repeat(128 * 1024) }
    proxy.tamper = ({ operation, body, ...rest }) => {
      if (operation !== 'BatchGetItem') return { ...rest, body }
      const batch = JSON.parse(body) as Batch
      for (const items of Object.values(batch.Responses))
        for (const item of items) item.ignored = payload
      const changed = JSON.stringify(batch)
      longest = Math.max(longest, changed.length)
      return { ...rest, body: changed }
    }
    const report = await victim.reconcile({ ledger, graceMs: 60_000 })
    expect(longest).toBeGreaterThan(8 * 1024 * 1024)
    expect(textOf(report, 'ledger.damaged')).toBe('')
    expect(report.counts.open).toBe(count)
  },
)

test('a table that leaves its keys for ever is given up, and told', async () => {
  const victim = await openVictim(home)
  await victim.send()
  await victim.accept()
  const ledger = await openProxied()
  proxy.tamper = ({ operation, body, ...rest }) => {
    if (operation !== 'BatchGetItem') return { ...rest, body }
    const Keys = [{ pk: { S: 'tx#1' }, sk: { S: 'tx' } }]
    const UnprocessedKeys = { [home.tableName]: { Keys } }
    return { ...rest, body: JSON.stringify({ Responses: {}, UnprocessedKeys }) }
  }
  await expect(victim.reconcile({ ledger })).rejects.toThrow(
    /\(8 times in a row; items still missing: 1\)/,
  )
  expect(proxy.requests).toBeLessThan(40)
})
