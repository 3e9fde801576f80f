import { systemRuntime } from '@keyward/core/rpc'
import { expect, test } from 'vitest'
import { createWindows } from './createWindows.js'
import { createStore } from './memory/createStore.js'

const hourMs = 3_600_000

test('costs a write for each window that counts something, and for no other', async () => {
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

test('of many processes one does it, and again after the time that is given', async () => {
  let now = 1_800_000_000_000
  let lists = 0
  const store = createStore(() => now)
  const counting = {
    ...store,
    list: (...all: Parameters<typeof store.list>) => {
      lists++
      return store.list(...all)
    },
  }
  const runtime = { ...systemRuntime, now: () => now }
  const processes = Array.from({ length: 20 }, () =>
    createWindows(counting, runtime),
  )
  const recoverAll = async () => {
    lists = 0
    await Promise.all(processes.map((one) => one.recover({ everyMs: 60_000 })))
    return lists
  }
  expect(await recoverAll()).toBe(1)
  now += 59_000
  expect(await recoverAll()).toBe(0)
  now += 1000
  expect(await recoverAll()).toBe(1)
  // Who is there for it does it in any case, and nobody else needs to then.
  now += 60_000
  lists = 0
  await processes[0]!.recover()
  expect(lists).toBe(1)
  expect(await recoverAll()).toBe(0)
})
