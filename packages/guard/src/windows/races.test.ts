import { systemRuntime } from '@keyward/core/rpc'
import { expect, test } from 'vitest'
import { createWindows } from './createWindows.js'
import { createStore } from './memory/createStore.js'
import type { Store } from './Store.js'
import type { Window } from './Window.js'

// What happens between a look and a write.

const begin = 1_800_000_000_000
const window: Window = { id: 'w', asset: 'usdc', length: 'hour', limit: 100n }
const scope = {}
const charge = (amount: bigint) => [{ window, scope, amount }]

/** Two processes on one table; something may come after a look of the second. */
function open(skewMs = 0) {
  let now = begin
  let between: (() => Promise<unknown>) | undefined
  const table = createStore(() => now)
  const runtime = { ...systemRuntime, now: () => now, sleep: async () => {} }
  const store: Store = {
    ...table,
    async get(...all) {
      const answer = await table.get(...all)
      const go = between
      between = undefined
      await go?.()
      return answer
    },
  }
  return {
    first: createWindows(table, runtime),
    second: createWindows(store, { ...runtime, now: () => now + skewMs }),
    afterLook(go: () => Promise<unknown>) {
      between = go
    },
    pass(ms: number) {
      now += ms
    },
  }
}

test.each([
  ['its bucket is the newest', 0],
  ['its bucket has to begin', 300_000],
  ['all of its buckets are gone', 4_200_000],
])('another reserves first: %s', async (_, ms) => {
  const { first, second, afterLook, pass } = open(86_400_000)
  await first.commit(await first.reserve({ id: 'a', charges: charge(40n) }))
  pass(ms)
  const left = ms === 4_200_000 ? 100n : 60n
  afterLook(() => first.reserve({ id: 'b', charges: charge(1n) }))
  await expect(
    second.reserve({ id: 'c', charges: charge(left) }),
  ).rejects.toMatchObject({ code: 'window-exceeded', spent: 101n - left })
  await second.reserve({ id: 'c', charges: charge(left - 1n) })
})

test('a dropped bucket was settled meanwhile', async () => {
  const { first, second, afterLook, pass } = open()
  const given = await first.reserve({ id: 'a', charges: charge(40n) })
  await first.commit(await first.reserve({ id: 'b', charges: charge(10n) }))
  pass(4_200_000)
  afterLook(() => first.giveBack(given))
  await second.reserve({ id: 'c', charges: charge(100n) })
  const [found] = await first.read([{ window, scope }])
  expect(found?.spent).toBe(100n)
})

test('a reservation in an earlier bucket is not joined', async () => {
  const { first, second, pass } = open()
  const parameters = { id: 'a', charges: charge(40n), ttlMs: 900_000 }
  const { reserved } = await first.reserve(parameters)
  expect((await second.reserve(parameters)).reserved).toEqual(reserved)
  pass(300_000)
  await expect(second.reserve(parameters)).rejects.toMatchObject({
    code: 'reservation-busy',
  })
  pass(600_000)
  await second.commit(await second.reserve(parameters))
  const [found] = await first.read([{ window, scope }])
  expect(found?.spent).toBe(40n)
})

test("amounts merged by a raise can't be committed again", async () => {
  const { first, second, pass } = open()
  const reserve = (of: typeof first, amount: bigint) =>
    of.reserve({ id: 'a', charges: charge(amount), ttlMs: 900_000 })
  const early = await reserve(first, 30n)
  const joined = await reserve(second, 30n)
  await (await first.commit(early)).settle()
  pass(1000)
  await (await first.commit(await reserve(first, 50n))).settle()
  const readSpent = async () =>
    (await first.read([{ window, scope }]))[0]?.spent
  expect(await readSpent()).toBe(50n)
  await first.release('a')
  await expect(second.commit(joined)).rejects.toMatchObject({
    code: 'reservation-released',
  })
  expect(await readSpent()).toBe(0n)
})

test('a clock that is wrong within a bucket still writes a valid deadline', async () => {
  for (const skewMs of [-290_000, -45_000, 8000, 200_000]) {
    const { second, first, pass } = open(skewMs)
    pass(skewMs < 0 ? 295_000 : 0)
    await first.reserve({ id: 'a', charges: charge(1n) })
    const { reserved } = await second.reserve({
      ...{ id: 'b', charges: charge(1n), ttlMs: 60_000 },
    })
    const { at, entry } = reserved[0]!
    expect(Math.abs(entry.deadline - at - 60_000)).toBeLessThanOrEqual(5000)
    expect((await first.read([{ window, scope }]))[0]?.spent).toBe(2n)
  }
})
