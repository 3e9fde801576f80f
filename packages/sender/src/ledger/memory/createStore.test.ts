import { systemRuntime } from '@keyward/core/rpc'
import { describe, expect, test } from 'vitest'
import { describeStore } from '../../../../../test/support/describeStore.js'
import { createMemoryLedger } from './createLedger.js'
import { createStore } from './createStore.js'

describe('the store in memory', () => {
  describeStore(() => createStore('ledger'))
})

test('each ledger in memory is separate', async () => {
  const account = { chainId: 1, address: `0x${'11'.repeat(20)}` } as const
  const [one, two] = [createMemoryLedger(), createMemoryLedger({})]
  await one.createHead(account, 3n)
  expect(await one.getHead(account)).toMatchObject({
    next: 3n,
    table: 'memory',
  })
  expect(await two.getHead(account)).toBe(undefined)
  expect([one.tableName, one.host]).toEqual(['memory', 'memory'])
  const runtime = { ...systemRuntime, uuid: () => 'a-b' }
  const named = createMemoryLedger({ tableName: 'named', runtime })
  await named.createHead(account, 3n)
  expect(await named.getHead(account)).toMatchObject({
    ...{ table: 'named', ledgerId: 'ab' },
  })
})

test('returned items are copies', async () => {
  const store = createStore('ledger')
  const key = { pk: 'a', sk: 'b' }
  const item = { pk: { S: 'a' }, sk: { S: 'b' }, free: { NS: ['1'] } }
  await store.create(item)
  item.free.NS.push('2')
  const found = await store.get(key)
  expect(found).toEqual({ ...item, free: { NS: ['1'] } })
  const { free } = found as typeof item
  free.NS.push('3')
  expect(await store.get(key)).toEqual({ ...item, free: { NS: ['1'] } })
})

test('a refusal says why', async () => {
  const store = createStore('ledger')
  await expect(
    store.update({ pk: 'a', sk: 'b' }, { add: { pk: { N: '1' } } }),
  ).rejects.toMatchObject({
    details: 'An operand in the update expression has an incorrect data type',
  })
  await expect(
    store.query({ partition: ['pk', 'a'], between: ['sk', 'b', 'a'] }),
  ).rejects.toMatchObject({
    details: 'The lower bound is greater than the upper one',
  })
})
