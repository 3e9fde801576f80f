import { systemRuntime } from '@keyward/core/rpc'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { describeWindows } from '../../../../../test/support/windows/describeWindows.js'
import {
  type GuardTable,
  openGuardTable,
} from '../../../../../test/support/windows/openGuardTable.js'
import { numberAt } from '../Buckets.js'
import { nameOf, type Window } from '../Window.js'
import * as WindowItem from '../WindowItem.js'
import { createStore } from './createStore.js'
import { createWindows } from './createWindows.js'

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
    openStore: () => createStore(table.options.tableName, table.options),
  })

  test('rolls twenty full windows that were idle for a week', async () => {
    now = Math.floor(Date.now() / 1000) * 1000
    const charges = Array.from({ length: 20 }, (_, n) => ({
      window: {
        id: `idle${n}`,
        asset: 'idle',
        length: 'week',
        limit: 9n,
      } as const,
      ...{ scope: {}, amount: 8n },
    }))
    const at = numberAt('week', now - 8 * 24 * 3_600_000)
    const buckets = Object.fromEntries(
      Array.from({ length: 29 }, (_, n) => [at - n, 1n]),
    )
    const sums = { at: BigInt(at), sum: 29n, buckets }
    const key = WindowItem.keyOf('idle')
    const store = createStore(table.options.tableName, table.options)
    await store.create(key, {
      ...{ halted: 0n, open: {} },
      windows: Object.fromEntries(
        charges.map(({ window }) => [nameOf(window), sums]),
      ),
    })
    const windows = table.newWindows({ ...systemRuntime, now: () => now })
    await windows.commit(await windows.reserve({ id: 'idle-1', charges }))
    const { value } = await store.get(key)
    for (const one of WindowItem.read('idle', value!).windows.values())
      expect(one).toMatchObject({
        at: numberAt('week', now),
        buckets: new Map([[numberAt('week', now), 8n]]),
      })
    await expect(
      windows.reserve({ id: 'idle-2', charges }),
    ).rejects.toMatchObject({ code: 'window-exceeded', spent: 8n })
  })

  test('writes once per item plus once before anything is signed', async () => {
    now = Math.floor(Date.now() / 1000) * 1000
    const windows = table.newWindows({ ...systemRuntime, now: () => now })
    const lengths = ['hour', 'day', 'week'] as const
    const charges = lengths.flatMap((length) =>
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
    expect(table.calls).toEqual(['PutItem', ...Array(3).fill('UpdateItem')])
    // The reconciler begins the buckets, so that it stays so.
    now += 300_000
    await windows.recover()
    table.calls.length = 0
    table.roundTrips = 0
    await windows.commit(await reserve('counted-3'))
    expect(table.calls).toEqual([...Array(3).fill('UpdateItem'), 'PutItem'])
    expect(table.roundTrips).toBe(2)
  })

  test('a copy of another table is refused until an administrator accepts it', async () => {
    const copy = await openGuardTable(() => now)
    try {
      const window: Window = {
        ...{ id: 'w', asset: 'native', chain: 1n, length: 'day', limit: 10n },
      }
      const charges = [{ window, scope: {}, amount: 1n }]
      const reserve = (id: string) => copy.newWindows().reserve({ id, charges })
      await reserve('before')
      const name = { S: 'payments-guard' }
      const key = { pk: { S: 'table' }, sk: { S: 'table' } }
      await copy.call('PutItem', { Item: { ...key, name } })
      await expect(reserve('after')).rejects.toMatchObject({
        code: 'guard-restored',
        shortMessage: expect.stringContaining('is a copy of "payments-guard"'),
      })
      const windows = copy.newWindows()
      const [read] = await windows.read([{ window, scope: {} }])
      expect(read?.spent).toBe(1n)
      expect(await windows.readHalt()).toMatchObject({
        reason: expect.stringContaining('is a copy of "payments-guard"'),
      })
      await windows.unhalt('the test')
      await reserve('accepted')
      expect(await windows.readHalt()).toBeUndefined()
    } finally {
      await copy.close()
    }
  })

  describe('a tampered table', () => {
    const window: Window = {
      ...{ id: 'w', asset: 'damaged', limit: 9n },
      length: 'hour',
    }
    const charges = [{ window, scope: {}, amount: 2n }]
    const key = { pk: { S: 'windows' }, sk: { S: 'damaged' } }

    test('a lowered sum', async () => {
      now = Math.floor(Date.now() / 1000) * 1000
      const windows = table.newWindows()
      const reservation = await windows.reserve({ id: 'd1', charges })
      await windows.commit(reservation)
      await table.call('UpdateItem', {
        Key: key,
        UpdateExpression: 'SET windows.#w.#s = :zero',
        ExpressionAttributeNames: { '#w': 'w/hour', '#s': 'sum' },
        ExpressionAttributeValues: { ':zero': { N: '0' } },
      })
      const of = [{ window, scope: {} }]
      await expect(windows.read(of)).rejects.toMatchObject({
        code: 'guard-item',
        shortMessage:
          'The item at pk=windows sk=damaged is not valid: its window "w/hour" has a sum that does not match its buckets.',
      })
      expect((await windows.recover()).damaged).toEqual([
        'The item at pk=windows sk=damaged is not valid: its window "w/hour" has a sum that does not match its buckets.',
      ])
      const known = [{ ...charges[0]!, id: 'd1', at: now }]
      now += 1000
      expect(await windows.compare(async () => known)).toEqual([
        { window, scope: {}, counted: 0n, known: 2n },
      ])
      await expect(windows.reserve({ id: 'd2', charges })).rejects.toThrow(
        expect.objectContaining({ name: 'GuardItemError' }),
      )
      await windows.unhalt('somebody')
    })

    test.each([
      ['halted', { S: '0' }],
      ['halted', { N: '0.5' }],
      ['open', { L: [] }],
      ['open', { M: { id: { S: 'something' } } }],
      ['windows', { M: { 'w/year': { M: {} } } }],
      ['windows', { M: { 'w/hour': { M: {} } } }],
    ])('%s: %j', async (name, value) => {
      await table.call('PutItem', {
        Item: {
          ...key,
          ...{ halted: { N: '0' }, open: { M: {} }, windows: { M: {} } },
          [name]: value,
        },
      })
      const windows = table.newWindows()
      await expect(
        windows.reserve({ id: 'd3', charges }),
      ).rejects.toMatchObject({ code: 'guard-item' })
    })

    test.each([
      ['version', 'committed', { version: { S: '1' }, since: { N: '5' } }],
      ['halt', 'halt', {}],
      ['table', 'table', {}],
    ])(
      'a foreign attribute of a %s does not survive a lift',
      async (pk, sk, more) => {
        const own = await openGuardTable(() => now)
        try {
          const windows = own.newWindows()
          await windows.recount()
          await windows.halt('the test')
          await own.call('PutItem', {
            Item: {
              ...{ pk: { S: pk }, sk: { S: sk } },
              ...{ ...more, other: { BOOL: true } },
            },
          })
          now += 1000
          await windows.unhalt('somebody')
          expect(await windows.readHalt()).toBeUndefined()
          const reservation = await windows.reserve({ id: 'd5', charges })
          await (await windows.commit(reservation)).settle()
          const [spending] = await windows.read([{ window, scope: {} }])
          expect(spending).toMatchObject({ spent: 2n })
          const { Item } = await own.call('GetItem', {
            Key: { pk: { S: pk }, sk: { S: sk } },
          })
          expect(Item).not.toHaveProperty('other')
        } finally {
          await own.close()
        }
      },
    )

    test('a missing table', async () => {
      const tableName = 'another'
      const windows = createWindows({ ...table.options, tableName })
      await expect(
        windows.reserve({ id: 'd4', charges }),
      ).rejects.toMatchObject({ code: 'guard-table' })
    })
  })

  test('invalid settings', () => {
    for (const tableName of ['a', 'a b c', 'arn:aws:s3:::guard'])
      expect(() => createWindows({ ...table.options, tableName })).toThrow(
        expect.objectContaining({ code: 'guard-configuration' }),
      )
  })
})
