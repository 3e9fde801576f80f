import { beforeEach, describe, expect, test } from 'vitest'
import {
  createTestKey,
  createTestRuntime,
  createTestTable,
} from '../../../../test/support/senderParts.js'
import * as HeadRecord from './HeadRecord.js'
import type { Ledger } from './Ledger.js'
import { longestLeaseMs } from './leaseTable.js'
import type { Account } from './TransactionRecord.js'

const { getAccount } = createTestKey()
const start = Date.UTC(2026, 0, 1)
const fresh = {
  ...{ finalBelow: undefined, skippedSince: undefined, broken: undefined },
}

let account: Account
let table: ReturnType<typeof createTestTable>
let ledger: Ledger
beforeEach(async () => {
  account = await getAccount()
  table = createTestTable(createTestRuntime(start).runtime)
  ledger = table.newLedger()
})

const lease = (holder: string, forMs: number) =>
  ledger.lease(account, holder, start + forMs)
const rowOf = () => {
  const { pk, sk } = HeadRecord.leaseKeyOf(account)
  return table.items.get(`${pk}\0${sk}`)!
}
/** Undefined takes an attribute out. */
const change = (fields: object) => {
  const all = Object.entries({ ...rowOf(), ...fields })
  table.put(Object.fromEntries(all.filter(([, value]) => value !== undefined)))
}

test('its holder renews and returns it', async () => {
  expect(await lease('one', 1000)).toEqual({ lease: fresh })
  expect(await lease('one', 2000)).toEqual({ lease: fresh })
  expect(rowOf()).toEqual({
    pk: { S: `head#31337#${account.address}` },
    sk: { S: 'lease' },
    kind: { S: 'lease.2' },
    v: { N: '2' },
    holder: { S: 'one' },
    until: { N: String(start + 2000) },
  })
  await ledger.release(account, 'one', undefined)
  expect(rowOf().until).toEqual({ N: '0' })
  expect(await lease('two', 1000)).toEqual({ lease: fresh })
})

test('the longest one is not broken', async () => {
  await lease('one', longestLeaseMs)
  expect(await lease('two', 1)).toEqual({ skippedSince: start })
  expect(await lease('one', 1)).toEqual({
    lease: { ...fresh, skippedSince: start },
  })
})

describe('a row written by someone else blocks nobody:', () => {
  test.each<[name: string, fields: object]>([
    ['an end that is no time', { until: { S: 'never' } }],
    ['no end', { until: undefined }],
    ['no holder', { holder: undefined, until: { N: '9'.repeat(19) } }],
    ['a number below which nothing is', { finalBelow: { N: '-7' } }],
    ['a number that is not whole', { finalBelow: { N: '7.5' } }],
    ['a number that is text', { finalBelow: { S: '7' } }],
  ])('%s', async (_, fields) => {
    await lease('one', 1000)
    await ledger.release(account, 'one', undefined)
    change({ until: { N: String(start - 1) }, ...fields })
    expect(await lease('two', 1000)).toEqual({ lease: fresh })
  })
})
