import { createHash } from 'node:crypto'
import { systemRuntime } from '@keyward/core/rpc'
import { beforeEach, expect, test } from 'vitest'
import { createWindows } from './createWindows.js'
import {
  GuardResponseError,
  GuardServiceError,
  GuardTableError,
  GuardTimeoutError,
  GuardUnreachableError,
} from './errors.js'
import { createStore } from './memory/createStore.js'
import type { Key, Store, Values } from './Store.js'
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
let store: Store
let windows: Windows
beforeEach(async () => {
  now = begin
  items = new Map()
  const runtime = { ...systemRuntime, now: () => now, sleep: async () => {} }
  const kept = createStore(() => now, items)
  store = { ...kept }
  windows = createWindows(
    { ...kept, get: (...all) => store.get(...all) },
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
  write('commits', '1800000030000#x', item as Values)
  expect(await windows.recount()).toEqual([])
  lower()
  expect(await windows.recount()).toEqual(['w'])
  expect(await windows.readHalt()).toBeDefined()
})

test('an amount listed again with less is still due in full', async () => {
  const [listed] = [...items.values()].filter(
    ({ key, item }) => key.pk === 'commits' && item.id === 'a',
  )
  const parts = JSON.parse(String(listed?.item.parts))
  parts[0][4] = '0'
  write('commits', '1800000030000#x', {
    ...{ id: 'a', parts: JSON.stringify(parts) },
  })
  lower()
  expect(await windows.recount()).toEqual(['w'])
})

test('a later entry does not replace what was committed', async () => {
  for (let n = 0; n < 1000; n++)
    write('commits', `9999999999999#${n}`, { id: 'z', parts: '[]' })
  lower()
  expect(await windows.recount()).toEqual(['w'])
})

/** As the row of an id has it. */
const stateOf = (id: string) => {
  const { item } = items.get(`reservation#${id}\0reservation`)!
  return JSON.parse(String(item.state))
}
const writeState = (id: string, state: object, rev = 9n) =>
  write(`reservation#${id}`, 'reservation', {
    ...{ rev, state: JSON.stringify(state) },
  })
const counted = (change: object) => ({
  counted: stateOf('a').counted.map((one: object) => ({ ...one, ...change })),
})

test.each<[string, () => object]>([
  ['counts nothing', () => ({ counted: [] })],
  ['counts less', () => counted({ amount: '2' })],
  ['counts it elsewhere', () => counted({ item: 'other' })],
  ['counts it in another window', () => counted({ window: 'v/hour' })],
  ['counts it earlier', () => counted({ bucket: bucket - 1 })],
  ['counts it for another entry', () => counted({ token: 'x' })],
  [
    'says that it was never committed',
    () => ({
      ...{ counted: [], dead: [[stateOf('a').counted[0].token, begin]] },
    }),
  ],
  ['says that it was released', () => ({ counted: [], released: ['x'] })],
])('a row that %s does not excuse a window', async (_, change) => {
  writeState('a', { ...stateOf('a'), ...change() })
  expect(await windows.recount()).toEqual([])
  lower()
  expect(await windows.recount()).toEqual(['w'])
  expect(await windows.readHalt()).toMatchObject({
    reason:
      'a bucket in window "w" records a total of 2, but 7 has been committed to it',
  })
})

test('a row that changes while it is read excuses nothing', async () => {
  lower()
  const state = stateOf('a')
  const found = items.get('reservation#a\0reservation')!
  let rev = 9n
  Object.defineProperty(found, 'item', {
    get: () => ({ rev: rev++, state: JSON.stringify(state) }),
  })
  expect(await windows.recount()).toEqual(['w'])
})

const releasesOf = () =>
  [...items.values()].filter(({ key }) => key.pk.startsWith('release#'))

test('a release excuses what it took back, and no more', async () => {
  await windows.release('a', { keep: [{ ...charge, amount: 1n }] })
  expect(await windows.recount()).toEqual([])
  lower(2n)
  expect(await windows.recount()).toEqual(['w'])
  expect(await windows.readHalt()).toMatchObject({
    reason:
      'a bucket in window "w" records a total of 2, but 3 has been committed to it',
  })
})

test.each<[string, (item: Values) => Values | undefined]>([
  [
    'of more',
    (item) => ({
      ...item,
      parts: String(item.parts).replace('"4"', '"5"'),
    }),
  ],
  ['of another attempt', (item) => ({ ...item, attempt: 'x' })],
  ['of another id', (item) => ({ ...item, id: 'b' })],
  ['that nobody can read', () => ({})],
  ['that is gone', () => undefined],
])('a release %s excuses nothing', async (_, change) => {
  await windows.release('a', { keep: [{ ...charge, amount: 1n }] })
  const [{ key, item } = {} as never] = releasesOf()
  const changed = change(item)
  if (changed === undefined) items.delete(`${key.pk}\0${key.sk}`)
  else write(key.pk, key.sk, changed)
  lower(2n)
  expect(await windows.recount()).toEqual(['w'])
  expect(await windows.readHalt()).toMatchObject({
    reason:
      'a bucket in window "w" records a total of 2, but 7 has been committed to it',
  })
})

test('a release excuses nothing of another id', async () => {
  await windows.release('b')
  const { released } = stateOf('b')
  writeState('a', { ...stateOf('a'), counted: [], released })
  lower(3n)
  expect(await windows.recount()).toEqual(['w'])
})

type Listed = [string, string, string, number, string]

test.each<[string, (part: Listed) => unknown]>([
  ['less', ([a, b, c, d]) => [[a, b, c, d, '0']]],
  ['another asset', ([, b, c, d, e]) => [['dai', b, c, d, e]]],
  ['another scope', ([a, b, c, d, e]) => [[`${a}#caller=x`, b, c, d, e]]],
  ['another window', ([a, b, , d, e]) => [[a, b, 'v/hour', d, e]]],
  ['another date', ([a, b, c, d, e]) => [[a, b, c, d - 100, e]]],
  ['another entry', ([a, , c, d, e]) => [[a, 'x', c, d, e]]],
  ['nothing', () => []],
])('a row of the list that was rewritten to %s halts', async (_, change) => {
  const [listed] = [...items.values()].filter(
    ({ key, item }) => key.pk === 'commits' && item.id === 'a',
  )
  const [part] = JSON.parse(String(listed!.item.parts))
  listed!.item.parts = JSON.stringify(change(part))
  lower()
  expect(await windows.recount()).toEqual([])
  expect(await windows.readHalt()).toMatchObject({
    reason: `an item in the list of committed amounts was rewritten (pk=commits sk=${listed!.key.sk})`,
  })
  now += 1000
  await windows.unhalt('the test')
  expect(await windows.recount()).toEqual([])
  expect(await windows.readHalt()).toBeUndefined()
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
    write('commits', `1800000001001#${n}`, { id: 'z', parts: '[]' })
  lower()
  const found: string[][] = []
  for (let run = 0; run < 7; run++) found.push(await windows.recount())
  expect(found.flat()).toContain('w')
})

const spend = async (id: string) => {
  const reserving = windows.reserve({
    id,
    charges: [{ ...charge, amount: 1n }],
  })
  await (await windows.commit(await reserving)).settle()
}

test.each<[string, Values]>([
  ['nothing', {}],
  ['no number', { halted: 'x', count: 0n, reason: '', since: 0n }],
  ['a negative number', { halted: -1n, count: -1n, reason: '', since: 0n }],
  [
    'a number that none can follow',
    { halted: 0n, count: 10n ** 38n - 1n, reason: '', since: 0n },
  ],
])('a halt with %s is one, and is followed and lifted', async (_, item) => {
  await windows.halt('the test')
  write('halt', 'halt', item)
  expect(await windows.readHalt()).toEqual({
    ...{ reason: 'the item that records the halt is damaged', since: 0 },
  })
  await windows.halt('once more')
  expect(await windows.readHalt()).toMatchObject({ reason: 'once more' })
  await expect(spend('c')).rejects.toThrow('The guard is halted: once more.')
  write('halt', 'halt', item)
  await windows.unhalt('the test')
  expect(await windows.readHalt()).toBeUndefined()
  await spend('c')
  await windows.halt('at last')
  await expect(spend('d')).rejects.toThrow('The guard is halted: at last.')
})

test('a damaged halt halts all windows at the next run', async () => {
  write('halt', 'halt', {})
  expect(await windows.recount()).toEqual([])
  await expect(spend('c')).rejects.toThrow(
    'The guard is halted: the item that records the halt is damaged.',
  )
})

test('of a row with many releases only the last ones are read', async () => {
  await windows.release('a')
  const { released } = stateOf('a')
  const more = Array.from({ length: 20 }, (_, n) => `x${n}`)
  writeState('a', { ...stateOf('a'), released: [...released, ...more] })
  expect(await windows.recount()).toEqual(['w'])
})

test.each([-7n, 1n, 99n, 10n ** 38n - 1n])(
  'an item that somebody halted with %s is lifted',
  async (halted) => {
    const usdc = items.get('windows\0usdc')!
    usdc.item.halted = halted
    await windows.unhalt('the test')
    await spend('c')
    await windows.halt('the test')
    usdc.item.halted = halted
    await windows.unhalt('the test')
    await spend('d')
  },
)

const sealOf = (...contents: string[]) =>
  createHash('sha256').update(JSON.stringify(contents)).digest('hex')

/** A listed commit with its own key, as only the guard should write it. */
function list(id: string, part: readonly unknown[]) {
  const parts = JSON.stringify([part])
  write('commits', `1800000030000#${sealOf(id, parts)}`, { id, parts })
}

test.each([
  ['', 'is empty'],
  ['#a', 'begins with another character'],
  ['a b', 'has a space'],
  ['ä', 'has another letter'],
  ['x'.repeat(129), 'is too long'],
])('an id %j, which %s, was not listed by the guard', async (id) => {
  list(id, ['usdc', 't', 'w/hour', bucket, '1'])
  expect(await windows.recount()).toEqual([])
  expect(await windows.readHalt()).toMatchObject({
    reason: expect.stringMatching(
      'an item in the list of committed amounts was rewritten',
    ),
  })
})

test('a reason always fits into its item, and is text', async () => {
  const name = `${'\ud800'.repeat(10)}${'x'.repeat(2000)}`
  list('c', ['usdc', 't', `${name}/hour`, bucket, '1'])
  await windows.recount()
  const { reason = '' } = (await windows.readHalt()) ?? {}
  expect(reason).toBe(
    `a bucket in window "${'?'.repeat(10)}${name.slice(10)}`.slice(0, 1000),
  )
})

const refused = (awsCode: string) =>
  new GuardServiceError('GetItem', {
    ...{ awsCode, text: 'the test', status: 400, requestId: undefined },
    date: now,
  })

/** Keeps the rows of ids from being read. */
function fail(error: Error) {
  const { get } = store
  store.get = (key, settings) =>
    key.pk.startsWith('reservation#')
      ? Promise.reject(error)
      : get(key, settings)
}

test.each([
  () => refused('ValidationException'),
  () => refused('SerializationException'),
  () => new TypeError('nobody expected it'),
])('a failure that prevents the recount halts: %s', async (toError) => {
  const error = toError()
  lower()
  fail(error)
  await windows.recount()
  expect(await windows.readHalt()).toMatchObject({
    reason: expect.stringMatching(
      /^the committed amounts could not be recounted \(.{10}/,
    ),
  })
  await expect(spend('c')).rejects.toThrow('The guard is halted')
})

test.each([
  () => refused('ThrottlingException'),
  () => refused('InternalServerError'),
  () => refused('AccessDeniedException'),
  () => new GuardUnreachableError('host', new Error('the test')),
  () => new GuardTimeoutError('host', 5),
  () => new GuardResponseError('GetItem', 'it is cut off'),
  () => new GuardTableError('guard', 'host', 'does not exist'),
])('a service that does not answer does not halt: %s', async (toError) => {
  const error = toError()
  lower()
  fail(error)
  await expect(windows.recount()).rejects.toBe(error)
  expect(await windows.readHalt()).toBeUndefined()
})
