import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import database, { type Store } from 'dynalite/db/index.js'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createChangeLog } from './createChangeLog.js'

const table = 'ledger'
let folder = ''
let store: Store
let clock = 1000
const now = () => clock

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'keyward changes '))
  clock = 1000
  await open()
})
afterEach(async () => {
  await store.lifecycleManager.gracefulClose()
  rmSync(folder, { recursive: true })
})

async function open() {
  store = database.create({
    path: folder,
    createTableMs: 0,
    updateTableMs: 0,
    deleteTableMs: 0,
  })
  await store.db.open()
}
const write = (key: string, n?: number) =>
  new Promise<void>((resolve, reject) => {
    const items = store.getItemDb(table)
    const done = (error: unknown) => (error ? reject(error) : resolve())
    if (n === undefined) items.del(key, done)
    else items.put(key, { n: { N: String(n) } }, done)
  })
const numbers = (items: readonly Record<string, unknown>[]) =>
  items.map((item) => Number((item as { n: { N: string } }).n.N)).sort()

async function countChanges() {
  let count = 0
  const range = { gte: 'keyward-change~', lt: 'keyward-change~\xff' }
  for await (const _ of store.db.values(range)) count += 1
  return count
}

test('the oldest changes go when there are too many, and what is left is true', async () => {
  const log = createChangeLog({ store, now, maxSize: 2000 })
  await log.start(table)
  for (let n = 0; n < 1000; n++) {
    clock += 1
    await write(`k${n % 3}`, n)
  }
  expect(await countChanges()).toBeLessThan(2000 / 15)
  const since = log.since(table) ?? 0
  expect(since).toBeGreaterThan(1800)
  expect(since).toBeLessThan(2000)
  for (let at = since; at <= clock; at++) {
    const last = at - 1001
    expect(numbers(await log.itemsAt(table, at))).toEqual(
      [last - 2, last - 1, last].sort(),
    )
  }

  // The next process continues with the same history.
  await store.lifecycleManager.gracefulClose()
  await open()
  const next = createChangeLog({ store, now, maxSize: 2000 })
  await next.resume(table)
  expect(next.since(table)).toBe(since)
  clock += 1
  await write('k0')
  expect(numbers(await next.itemsAt(table, clock - 1))).toEqual([997, 998, 999])
  expect(numbers(await next.itemsAt(table))).toEqual([997, 998])
  const before = await countChanges()
  for (let n = 0; n < 1000; n++) await write(`k${n % 3}`, n)
  expect(await countChanges()).toBeLessThanOrEqual(before + 40)
})

test('what is older than 35 days goes when the home starts', async () => {
  await createChangeLog({ store, now }).start(table)
  await write('a', 1)
  clock += 36 * 24 * 3600 * 1000
  await write('a', 2)
  await store.lifecycleManager.gracefulClose()
  await open()
  const log = createChangeLog({ store, now })
  await log.resume(table)
  expect(await countChanges()).toBe(1)
  expect(log.since(table)).toBe(1000)
  expect(numbers(await log.itemsAt(table, clock - 1))).toEqual([1])
})

test('without recovery nothing is kept', async () => {
  const log = createChangeLog({ store, now })
  await write('a', 1)
  expect(log.since(table)).toBeUndefined()
  expect(await countChanges()).toBe(0)
  await log.start(table)
  await write('a', 2)
  expect(await countChanges()).toBe(1)
  await log.stop(table)
  expect(await countChanges()).toBe(0)
  await write('a', 3)
  expect(await countChanges()).toBe(0)
  expect(numbers(await log.itemsAt(table))).toEqual([3])
})

test('a clock that goes back leaves the order as it was', async () => {
  const log = createChangeLog({ store, now })
  await log.start(table)
  clock = 2000
  await write('a', 1)
  clock = 500
  await write('a', 2)
  clock = 3000
  await write('a', 3)
  expect(numbers(await log.itemsAt(table, 1999))).toEqual([])
  expect(numbers(await log.itemsAt(table, 2000))).toEqual([2])
  expect(numbers(await log.itemsAt(table, 2999))).toEqual([2])
})

test('writes under way are in it, or not, by their time', async () => {
  const log = createChangeLog({ store, now })
  await log.start(table)
  const writes = Array.from({ length: 50 }, (_, n) => write(`k${n}`, n))
  const at = clock
  clock += 1
  const late = Array.from({ length: 50 }, (_, n) => write(`l${n}`, 100 + n))
  const items = await log.itemsAt(table, at)
  await Promise.all([...writes, ...late])
  expect(numbers(items).every((n) => n < 100)).toBe(true)
  expect(await log.itemsAt(table)).toHaveLength(100)
})
