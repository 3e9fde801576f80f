import { systemRuntime } from '@keyward/core/rpc'
import { expect, test } from 'vitest'
import { createWindows } from './createWindows.js'
import { createStore } from './memory/createStore.js'
import type { Key, Values } from './Store.js'

const hourMs = 3_600_000

test('costs one write per window that counts something, and no others', async () => {
  let now = 1_800_000_000_000
  let updates = 0
  const store = createStore(() => now)
  const counting = {
    ...store,
    update: (...all: Parameters<typeof store.update>) => {
      if (all[0].pk === 'windows') updates++
      return store.update(...all)
    },
  }
  const runtime = { ...systemRuntime, now: () => now }
  const windows = createWindows(counting, runtime)
  const window = {
    ...{ id: 'each', asset: 'usdc', length: 'hour' as const, limit: 10n },
  }
  const of = (n: number) => ({
    ...{ window, amount: 1n },
    scope: { recipient: `0x${n}` },
  })
  for (let n = 0; n < 20; n++) {
    const reserved = await windows.reserve({ id: `p${n}`, charges: [of(n)] })
    const { settle } = await windows.commit(reserved)
    await settle()
  }
  const recover = async () => {
    updates = 0
    await windows.recover()
    return updates
  }
  expect(await recover()).toBe(0)
  now += hourMs / 2
  expect(await recover()).toBe(20)
  now += hourMs
  // Once more, to drop what is over.
  expect(await recover()).toBe(20)
  now += hourMs
  expect(await recover()).toBe(0)
  // Whoever is paid again finds the window empty.
  const charges = [{ ...of(3), amount: 10n }]
  await windows.commit(await windows.reserve({ id: 'again', charges }))
  expect(await windows.read([of(3)])).toMatchObject([{ spent: 10n }])
})

test('a damaged row is reported, and does not stop the rest', async () => {
  let now = 1_800_000_000_000
  const items = new Map<string, { key: Key; item: Values }>()
  const windows = createWindows(
    createStore(() => now, items),
    { ...systemRuntime, now: () => now },
  )
  const window = {
    ...{ id: 'w', asset: 'usdc', length: 'hour' as const, limit: 10n },
  }
  const charges = [{ window, scope: {}, amount: 1n }]
  for (const id of ['a', 'b', 'c']) await windows.reserve({ id, charges })
  const state = '{"counted":[],"dead":[5],"deadUpTo":0,"released":[]}'
  const key = { pk: 'reservation#b', sk: 'reservation' }
  const item = { rev: 1n, state }
  items.set(`${key.pk}\0${key.sk}`, { key, item })
  now += hourMs / 2
  expect(await windows.recover()).toEqual({
    recovered: 2,
    damaged: [
      'The item at pk=reservation#b is not valid: its state is malformed.',
    ],
  })
  // The window is at its new bucket, too: what is left can be spent.
  const [{ spent } = {}] = await windows.read([{ window, scope: {} }])
  expect(spent).toBe(1n)
})
