import { systemRuntime } from '@keyward/core/rpc'
import { beforeEach, expect, test } from 'vitest'
import { createWindows } from './createWindows.js'
import { createStore } from './memory/createStore.js'
import type { Key, Values } from './Store.js'
import type { Window } from './Window.js'
import type { Windows } from './Windows.js'

// Somebody writes to the table: one item that nobody can read must not keep what
// was lowered beside it from being found.

const begin = 1_800_000_000_000
const bucket = begin / 300_000
const window: Window = { id: 'w', asset: 'usdc', length: 'hour', limit: 9n }
const charge = { window, scope: {}, amount: 5n }

let now = begin
let items: Map<string, { key: Key; item: Values }>
let windows: Windows
beforeEach(async () => {
  now = begin
  items = new Map()
  const runtime = { ...systemRuntime, now: () => now, sleep: async () => {} }
  windows = createWindows(
    createStore(() => now, items),
    runtime,
  )
  await windows.recount()
  now += 1000
  for (const id of ['a', 'b']) {
    const amount = id === 'a' ? 5n : 2n
    const reserving = windows.reserve({ id, charges: [{ ...charge, amount }] })
    const { settle } = await windows.commit(await reserving)
    await settle()
  }
  now += 60_000
})

const write = (pk: string, sk: string, item: Values) =>
  items.set(`${pk}\0${sk}`, { key: { pk, sk }, item })
const lower = (sum = 2n, at = bucket) => {
  const sums = { at: BigInt(at), sum, buckets: { [bucket]: sum } }
  write('windows', 'usdc', {
    halted: 0n,
    open: {},
    windows: { 'w/hour': sums },
  })
}
const compare = () =>
  windows.compare(async () => [{ ...charge, id: 'a', at: begin }])

test('a halt succeeds despite an item that has none', async () => {
  write('windows', 'other', { open: {} })
  await windows.halt('the test')
  await expect(windows.reserve({ id: 'c', charges: [charge] })).rejects.toThrow(
    'The guard is halted: the test.',
  )
})

test.each([
  ['no list', { id: 1n }],
  ['no id', { parts: '[]' }],
  ['no parts', { id: 'a', parts: '[[]]' }],
  ['a window that is not a string', { id: 'z', parts: '[["i","t",5,1,"1"]]' }],
  ['null as its window', { id: 'z', parts: '[["i","t",null,1,"1"]]' }],
  [
    'a bucket that is not a number',
    { id: 'z', parts: '[["i","t","w","1","1"]]' },
  ],
  ['a negative amount', { id: 'z', parts: '[["i","t","w",1,"-1"]]' }],
  ['parts that are not a list', { id: 'z', parts: '{}' }],
])('a row of the list with %s hides nothing', async (_, item) => {
  write('committed', '1800000030000#x', item as Values)
  expect(await windows.recount()).toEqual([])
  lower()
  expect(await windows.recount()).toEqual(['w'])
  expect(await windows.readHalt()).toBeDefined()
})

test('an amount listed again with less is still due in full', async () => {
  const [listed] = [...items.values()].filter(
    ({ key, item }) => key.pk === 'committed' && item.id === 'a',
  )
  const parts = JSON.parse(String(listed?.item.parts))
  parts[0][4] = '0'
  write('committed', '1800000030000#x', {
    ...{ id: 'a', parts: JSON.stringify(parts) },
  })
  lower()
  expect(await windows.recount()).toEqual(['w'])
})

test('a later entry does not replace what was committed', async () => {
  for (let n = 0; n < 1000; n++)
    write('committed', `9999999999999#${n}`, { id: 'z', parts: '[]' })
  lower()
  expect(await windows.recount()).toEqual(['w'])
})

test('an unreadable row does not excuse a window', async () => {
  write('reservation#a', 'reservation', { rev: 1n, state: 'nothing' })
  expect(await windows.recount()).toEqual([])
  lower()
  expect(await windows.recount()).toEqual(['w'])
  await windows.unhalt('the test')
  expect(await compare()).toMatchObject([{ counted: 2n, known: 5n }])
})

test('an item that was moved ahead still owes what is known', async () => {
  lower(7n, bucket + 100)
  expect(await compare()).toEqual([])
  lower(2n, bucket + 100)
  expect(await compare()).toMatchObject([{ counted: 2n, known: 5n }])
})

test('a version from the future excuses nothing', async () => {
  write('version', 'committed', { version: '1', since: 1_900_000_000_000n })
  lower()
  expect(await windows.recount()).toEqual(['w'])
})

test.each([
  ['no time', { version: '1' }],
  ['no version', { since: 5n }],
  ['nothing of its own', { other: 'x' }],
])(
  'a version with %s excuses nothing, until a halt is lifted',
  async (_, item) => {
    write('version', 'committed', item as Values)
    expect(await windows.recount()).toEqual([])
    lower()
    expect(await windows.recount()).toEqual(['w'])
    now += 1000
    await windows.unhalt('the test')
    expect(await windows.recount()).toEqual([])
    expect(await windows.readHalt()).toBeUndefined()
  },
)

test('many rows after the old ones hide them for a few runs at most', async () => {
  for (let n = 0; n < 5000; n++)
    write('committed', `1800000001001#${n}`, { id: 'z', parts: '[]' })
  lower()
  const found: string[][] = []
  for (let run = 0; run < 7; run++) found.push(await windows.recount())
  expect(found.flat()).toContain('w')
})
