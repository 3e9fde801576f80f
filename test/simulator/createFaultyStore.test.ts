import { describe, expect, test } from 'vitest'
import { createFaultyStore } from './createFaultyStore.js'
import { createScheduler } from './createScheduler.js'
import { createTable } from './createTable.js'
import { createFaults, type Fault, type Kind } from './Fault.js'
import { createRandom } from './random.js'

/** A process that adds 1 to a row, under a fault. */
async function addUnder(kind: Kind, given: Partial<Fault> = {}) {
  const random = createRandom(1)
  const scheduler = createScheduler(random)
  const faults = createFaults(() => {})
  const table = createTable('t')
  const process = scheduler.createProcess('a')
  faults.arm({ kind, atMs: 0, target: 'a', ...given })
  const store = createFaultyStore(table.store, {
    process,
    faults,
    random,
    errors: {
      timeout: () => new Error('timeout'),
      throttled: () => new Error('throttled'),
    },
  })
  let heard = 'nothing'
  let at = 0
  process.start(async () => {
    const key = { pk: 'a', sk: 'b' }
    const change = { add: { n: { N: '1' } } }
    const once = given.how === 'once'
    heard = await store.update(key, change, { once }).then(
      (item) => JSON.stringify(item?.n),
      (error: Error) => error.message,
    )
    at = scheduler.now
  })
  await scheduler.run()
  const n = table.items()[0]?.n as { N: string } | undefined
  return { heard, stored: n?.N, late: at > 1000 }
}

describe('a write', () => {
  test.each<[Kind, Partial<Fault>, string, string | undefined, boolean]>([
    ['KMS slow', {}, '{"N":"1"}', '1', false],
    ['crash before a write', {}, 'nothing', undefined, false],
    ['crash after a write', {}, 'nothing', '1', false],
    ['write done, answer lost', {}, 'timeout', '1', false],
    ['write done twice', {}, '{"N":"2"}', '2', false],
    ['write done twice', { how: 'once' }, 'timeout', '1', false],
    ['write done late', {}, 'timeout', '1', false],
    ['ledger throttles', {}, 'throttled', undefined, false],
    ['sleep longer than a lease', { ms: 5000 }, '{"N":"1"}', '1', true],
    [
      'sleep longer than a lease',
      { ms: 5000, how: 'before' },
      '{"N":"1"}',
      '1',
      true,
    ],
  ])('%s %j', async (kind, given, heard, stored, late) => {
    expect(await addUnder(kind, given)).toEqual({ heard, stored, late })
  })
})

test('an index that is behind answers what it answered before', async () => {
  const random = createRandom(1)
  const scheduler = createScheduler(random)
  const faults = createFaults(() => {})
  const table = createTable('t')
  const process = scheduler.createProcess('a')
  const store = createFaultyStore(table.store, {
    process,
    faults,
    random,
    errors: { timeout: () => new Error(), throttled: () => new Error() },
  })
  const counts: number[] = []
  const ask = async () => {
    const partition: [string, string] = ['open', 'x']
    counts.push((await store.query({ index: 'open', partition })).items.length)
  }
  process.start(async () => {
    await ask()
    table.put({
      pk: { S: 'p' },
      sk: { S: 's' },
      open: { S: 'x' },
      created: { S: '1' },
    })
    faults.arm({ kind: 'index behind', atMs: 0, target: 'a' })
    await ask()
    await ask()
  })
  await scheduler.run()
  expect(counts).toEqual([0, 0, 1])
})
