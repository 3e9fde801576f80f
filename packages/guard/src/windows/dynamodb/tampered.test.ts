import { createHash } from 'node:crypto'
import { systemRuntime } from '@keyward/core/rpc'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  type GuardTable,
  openGuardTable,
} from '../../../../../test/support/windows/openGuardTable.js'
import type { Window } from '../Window.js'
import type { Windows } from '../Windows.js'

// Somebody writes items that DynamoDB accepts and the guard never writes:
// values of other types, keys that are too long, items at the size limit. None
// of them must keep a lowered window from halting, or a halt from being lifted.

const window: Window = { id: 'w', asset: 'usdc', length: 'day', limit: 10n }

let now = 0
let table: GuardTable
let windows: Windows
const openWindows = () =>
  table.newWindows({ ...systemRuntime, now: () => now, sleep: async () => {} })

beforeEach(async () => {
  now = 1_800_000_000_000
  table = await openGuardTable(() => now)
  windows = openWindows()
  await windows.recount()
  now += 2000
  await spend('a', 9n)
  now += 2000
}, 60_000)
afterEach(() => table.close())

async function spend(id: string, amount: bigint, by = windows) {
  const charges = [{ window, scope: {}, amount }]
  const { settle } = await by.commit(await by.reserve({ id, charges }))
  await settle()
}

// biome-ignore lint/suspicious/noExplicitAny: an item in DynamoDB's JSON form
type Item = any

const toKey = (pk: string, sk: string) => ({ pk: { S: pk }, sk: { S: sk } })
const put = (item: Item) => table.call('PutItem', { Item: item })

async function read(pk: string, sk: string): Promise<Item> {
  const input = { Key: toKey(pk, sk), ConsistentRead: true }
  return ((await table.call('GetItem', input)) as Item).Item
}

/** Writes an item that can't grow by a single byte. */
async function putPadded(item: Item): Promise<void> {
  let [fits, most] = [300_000, 409_600]
  while (fits < most) {
    const size = (fits + most + 1) >> 1
    try {
      await put({ ...item, pad: { S: 'x'.repeat(size) } })
      fits = size
    } catch {
      most = size - 1
    }
  }
  await put({ ...item, pad: { S: 'x'.repeat(fits) } })
}

async function lower(): Promise<void> {
  const item = await read('windows', 'usdc')
  const sums = item.windows.M['w/day'].M
  sums.sum = { N: '0' }
  for (const bucket of Object.keys(sums.buckets.M))
    sums.buckets.M[bucket] = { N: '0' }
  await put(item)
}

const sealOf = (...contents: string[]) =>
  createHash('sha256').update(JSON.stringify(contents)).digest('hex')

const lowered =
  'a bucket in window "w" records a total of 0, but 9 has been committed to it'

/** Nobody spends, whatever a process has read before. */
async function expectHalted(reason: string): Promise<void> {
  expect(await windows.readHalt()).toMatchObject({ reason })
  for (const by of [windows, openWindows()])
    await expect(spend('b', 1n, by)).rejects.toMatchObject({
      shortMessage: `The guard is halted: ${reason}.`,
    })
}

/** A window that counts less than was committed halts the key. */
async function expectNoticed(reason = lowered): Promise<void> {
  await lower()
  expect(await windows.recount()).toEqual(['w'])
  await expectHalted(reason)
}

test('a lowered window halts', async () => {
  await expectNoticed()
})

describe('an item with a value of another type', () => {
  const junk = [{ BOOL: true }, { L: [] }, { NULL: true }, { SS: ['x'] }]

  const spoil = async (value: object) =>
    put({ ...(await read('windows', 'usdc')), junk: value })

  const refusal = { code: 'guard-item' }

  test.each(junk)('is halted by the recount: %j', async (value) => {
    await lower()
    await spoil(value)
    expect(await windows.recount()).toEqual(['w'])
    expect(await windows.readHalt()).toMatchObject({ reason: lowered })
    for (const by of [windows, openWindows()])
      await expect(spend('b', 1n, by)).rejects.toMatchObject(refusal)
  })

  test('is halted by an administrator, and counts again once mended', async () => {
    await spoil({ BOOL: true })
    await windows.halt('the test')
    await expect(spend('b', 1n)).rejects.toMatchObject(refusal)
    await windows.unhalt('the test')
    await expect(spend('b', 1n)).rejects.toMatchObject(refusal)
    const { junk: _, ...mended } = await read('windows', 'usdc')
    await put(mended)
    await windows.unhalt('the test')
    await spend('b', 1n)
    const [spending] = await windows.read([{ window, scope: {} }])
    expect(spending).toMatchObject({ spent: 10n })
  })
})

describe('an item at the size limit', () => {
  test('the halt itself', async () => {
    await putPadded({
      ...toKey('halt', 'halt'),
      ...{ halted: { N: '0' }, count: { N: '0' } },
      ...{ since: { N: '0' }, reason: { S: '' } },
    })
    await expectNoticed()
    await windows.unhalt('the test')
    await spend('b', 1n)
  })

  test('a halt that is lifted', async () => {
    await windows.halt('the test')
    const { reason: _, ...item } = await read('halt', 'halt')
    await putPadded({ ...item, reason: { S: 'x' } })
    await windows.unhalt('the test')
    await spend('b', 1n)
    expect(await read('halt', 'halt')).not.toHaveProperty('pad')
  })

  test('a halt with a reason that fills it', async () => {
    await windows.halt('the test')
    const item = await read('halt', 'halt')
    await put({ ...item, reason: { S: 'x'.repeat(409_540) } })
    await windows.unhalt('the test')
    await spend('b', 1n)
  })

  test('another window, which comes first', async () => {
    await putPadded({
      ...toKey('windows', '!'),
      ...{ halted: { N: '0' }, windows: { M: {} }, open: { M: {} } },
    })
    await lower()
    await expect(windows.recount()).rejects.toMatchObject({
      awsCode: 'ValidationException',
    })
    await expectHalted(lowered)
    now += 1000
    await windows.unhalt('the test')
    await spend('b', 1n)
  })

  test('a version, while a halt is lifted', async () => {
    await windows.halt('the test')
    await putPadded({
      ...toKey('version', 'x'),
      ...{ version: { S: 'x' }, since: { N: '0' } },
    })
    await put({
      ...toKey('version', 'y'),
      ...{ version: { S: 'y'.repeat(409_570) }, since: { N: '0' } },
    })
    await windows.unhalt('the test')
    expect(await windows.readHalt()).toBeUndefined()
    await spend('b', 1n)
    // Another version begins where it is first seen.
    expect(await windows.noteVersion({ of: 'y', version: 'z' })).toBe(now)
  })

  test('the version of the recount', async () => {
    await putPadded({
      ...toKey('version', 'committed'),
      ...{ version: { S: '1' }, since: { N: '0' } },
    })
    await expectNoticed()
  })

  test('another version of the recount', async () => {
    await putPadded({
      ...toKey('version', 'committed'),
      ...{ version: { S: 'x' }, since: { N: '0' } },
    })
    expect(await windows.recount()).toEqual([])
    await spend('b', 1n)
    now += 1000
    await expectNoticed(
      'a bucket in window "w" records a total of 0, but 1 has been committed to it',
    )
  })

  test('the name of the table', async () => {
    await putPadded({ ...toKey('table', 'table'), name: { S: 'x' } })
    await windows.unhalt('the test')
    await spend('b', 1n, openWindows())
    expect(await read('table', 'table')).not.toHaveProperty('pad')
  })

  test('a row with an abandoned reservation', async () => {
    await windows.reserve({
      ...{ id: 'dead', charges: [{ window, scope: {}, amount: 1n }] },
    })
    const state = { counted: [], dead: [], deadUpTo: 0, released: [] }
    await putPadded({
      ...toKey('reservation#evil', 'reservation'),
      ...{ rev: { N: '1' }, state: { S: JSON.stringify(state) } },
    })
    await put({
      ...toKey('windows', '!'),
      ...{ halted: { N: '0' }, windows: { M: {} } },
      open: { M: { evil: { S: '+ t 5' } } },
    })
    now += 120_000
    expect(await windows.recover()).toEqual({
      recovered: 1,
      damaged: [
        "The item at pk=reservation#evil can't be read or updated: DynamoDB returned ValidationException for UpdateItem.",
      ],
    })
    const [spending] = await windows.read([{ window, scope: {} }])
    expect(spending).toMatchObject({ spent: 9n })
  })
})

describe('a key that is too long', () => {
  const long = 'x'.repeat(2100)

  test('of an open reservation', async () => {
    await windows.reserve({
      ...{ id: 'dead', charges: [{ window, scope: {}, amount: 1n }] },
    })
    const item = await read('windows', 'usdc')
    item.open.M[long] = { S: '+ t 5' }
    await put(item)
    await put({
      ...toKey('windows', '!'),
      ...{ halted: { N: '0' }, windows: { M: {} } },
      open: { M: { [long]: { S: '+ t 5' } } },
    })
    now += 120_000
    expect(await windows.recover()).toEqual({
      recovered: 1,
      damaged: [
        `The item at pk=reservation#${'x'.repeat(85)} can't be read or updated: DynamoDB returned ValidationException for GetItem.`,
      ],
    })
    const [spending] = await windows.read([{ window, scope: {} }])
    expect(spending).toMatchObject({ spent: 9n })
  })

  test('of a listed commit', async () => {
    const { Items } = (await table.call('Query', {
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': { S: 'commits' } },
    })) as Item
    const parts = Items[0].parts.S
    const sk = `${now}#${sealOf(long, parts)}`
    await put({
      ...toKey('commits', sk),
      ...{ id: { S: long }, parts: { S: parts } },
    })
    await expectNoticed()
  })

  test('of a release', async () => {
    const row = await read('reservation#a', 'reservation')
    const state = { ...JSON.parse(row.state.S), released: [long] }
    await put({ ...row, state: { S: JSON.stringify(state) } })
    await expectNoticed()
  })
})

test.each(['not json', 'null', '5', '[5]', '[["usdc","w/day",1,"x"]]'])(
  'a release of %s explains nothing',
  async (parts) => {
    const token = sealOf('a', 'attempt', parts).slice(0, 32)
    await put({
      ...toKey(`release#${token}`, 'release'),
      ...{ id: { S: 'a' }, attempt: { S: 'attempt' }, parts: { S: parts } },
    })
    const row = await read('reservation#a', 'reservation')
    const state = { ...JSON.parse(row.state.S), released: [token] }
    await put({ ...row, state: { S: JSON.stringify(state) } })
    await expectNoticed()
  },
)

describe('an item that is ahead by one bucket', () => {
  const hourMs = 3_600_000
  /** The last bucket in which `a` counts. */
  const last = 1_800_000_000_000 / hourMs + 24

  async function moveAhead(): Promise<void> {
    const item = await read('windows', 'usdc')
    const sums = item.windows.M['w/day'].M
    Object.assign(sums, { at: { N: `${last + 1}` }, sum: { N: '0' } })
    sums.buckets = { M: { [last + 1]: { N: '0' } } }
    await put(item)
  }

  test('still owes what the oldest one counts', async () => {
    now = last * hourMs + 1000
    expect(await windows.recount()).toEqual([])
    await moveAhead()
    expect(await windows.recount()).toEqual(['w'])
    await expectHalted(lowered)
  })

  test('may be so while the next one is about to begin', async () => {
    now = (last + 1) * hourMs - 5000
    await moveAhead()
    expect(await windows.recount()).toEqual([])
  })
})
