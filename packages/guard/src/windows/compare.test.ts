import { systemRuntime } from '@keyward/core/rpc'
import { expect, test } from 'vitest'
import { createWindows } from './createWindows.js'
import { createStore } from './memory/createStore.js'
import type { Store } from './Store.js'
import type { Window } from './Window.js'
import type { Known } from './Windows.js'

// What comparing reads of a table with many scopes.

const begin = 1_800_000_000_000
const window: Window = { id: 'each', asset: 'usdc', length: 'hour', limit: 9n }

async function open(scopes: number) {
  let now = begin
  const calls = { list: 0, get: 0 }
  const table = createStore(() => now)
  const store: Store = {
    ...table,
    list(...all) {
      calls.list++
      return table.list(...all)
    },
    get(...all) {
      calls.get++
      return table.get(...all)
    },
  }
  const windows = createWindows(store, { ...systemRuntime, now: () => now })
  const known: Known[] = []
  for (let n = 0; n < scopes; n++) {
    const one = { window, scope: { recipient: `0x${n}` }, amount: 1n }
    await windows.commit(await windows.reserve({ id: `p${n}`, charges: [one] }))
    known.push({ ...one, id: `p${n}`, at: begin })
  }
  now += 60_000
  return { windows, known, calls, table }
}

test('reads only items that something is known about', async () => {
  const { windows, known, calls } = await open(100)
  Object.assign(calls, { list: 0, get: 0 })
  expect(await windows.compare(async () => known.slice(-20))).toEqual([])
  expect(calls).toEqual({ list: 0, get: 20 })
  Object.assign(calls, { list: 0, get: 0 })
  expect(await windows.compare(async () => [])).toEqual([])
  expect(calls).toEqual({ list: 0, get: 0 })
})

test('reads different items in each run if there are too many, and misses none', async () => {
  const { windows, known, calls, table } = await open(1200)
  const key = { pk: 'windows', sk: 'usdc#recipient=0x1134' }
  const path = ['windows', 'each/hour']
  const { value } = await table.get(key)
  expect(value).toMatchObject({ windows: { 'each/hour': { sum: 1n } } })
  await table.update(key, {
    set: [[path, { at: BigInt(begin / 300_000), sum: 0n, buckets: {} }]],
    when: [],
  })
  for (let run = 0; ; run++) {
    Object.assign(calls, { list: 0, get: 0 })
    const [short] = await windows.compare(async () => known)
    if (short !== undefined) {
      expect(short.scope).toEqual({ recipient: '0x1134' })
      break
    }
    expect(calls).toEqual({ list: 0, get: 1000 })
    expect(run).toBeLessThan(100)
  }
  expect(await windows.readHalt()).toBeDefined()
})

test('does not report amounts released meanwhile', async () => {
  const { windows, known } = await open(3)
  let reads = 0
  const readKnown = async () => {
    // Between the first look and the items.
    if (reads++ === 0) await windows.release('p1')
    return reads === 1 ? known : known.filter(({ id }) => id !== 'p1')
  }
  expect(await windows.compare(readKnown)).toEqual([])
  expect(await windows.readHalt()).toBeUndefined()
})
