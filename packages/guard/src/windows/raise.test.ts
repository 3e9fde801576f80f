import { systemRuntime } from '@keyward/core/rpc'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { soak } from '../../../../test/support/tools.js'
import { freeAt, numberAt } from './Buckets.js'
import { createWindows } from './createWindows.js'
import { createStore } from './memory/createStore.js'
import * as Row from './Row.js'
import { type Charge, smaller, type Window } from './Window.js'

// What is raised again and again under one id: it counts once, and its row does
// not grow with each signature.

const begin = 1_800_000_000_000

function open() {
  let now = begin
  const items: Parameters<typeof createStore>[1] = new Map()
  const runtime = { ...systemRuntime, now: () => now, sleep: async () => {} }
  const windows = createWindows(
    createStore(() => now, items),
    runtime,
  )
  return {
    windows,
    pass(ms: number) {
      now += ms
    },
    now: () => now,
    readRow(id: string) {
      const { pk, sk } = Row.keyOf(id)
      const { state } = items.get(`${pk}\0${sk}`)!.item
      return { row: JSON.parse(String(state)) as Row.Row, state: `${state}` }
    },
  }
}

const window: Window = {
  ...{ id: 'w', asset: 'usdc', length: 'hour' },
  limit: 10n ** 9n,
}
const charge = (amount: bigint, recipient?: string): Charge => ({
  ...{ window, amount },
  scope: recipient === undefined ? {} : { recipient },
})

test('a row stores the amounts, not each of 300 signatures', async () => {
  const { windows, pass, readRow } = open()
  for (let n = 1; n <= 300; n++) {
    const charges = [charge(BigInt(n)), charge(BigInt(2 * n), '0xaa')]
    const reserve = n === 1 ? windows.reserve : windows.raise
    const { settle } = await windows.commit(
      await reserve({ id: 'nonce', charges }),
    )
    if (n % 7 > 0) await settle()
    // Who died before is tidied up after a minute.
    else {
      pass(n % 70 === 0 ? 180_000 : 61_000)
      await windows.recover()
    }
  }
  const { row, state } = readRow('nonce')
  expect(state.length).toBeLessThan(12_000)
  expect(row.counted.length).toBeLessThanOrEqual(2 * (13 + 1))
  const spent = await windows.read([
    { window, scope: {} },
    { window, scope: { recipient: '0xaa' } },
  ])
  expect(spent.map((one) => one.spent)).toEqual([300n, 600n])
})

test('an oversized row is refused with a typed error, and counts nothing', async () => {
  const { windows, pass } = open()
  const many = (count: number) =>
    Array.from({ length: count }, (_, n) =>
      charge(1n, `0x${String(n).padStart(40, '0')}`),
    )
  await expect(
    windows
      .reserve({ id: 'batch', charges: many(2600) })
      .then((reservation) => windows.commit(reservation)),
  ).rejects.toMatchObject({
    code: 'reservation-too-large',
    shortMessage: expect.stringMatching(
      /^The reservation "batch" takes [0-9]+ bytes; at most 350000 are allowed\.$/,
    ),
  })
  const [first] = many(1)
  expect(await windows.read([first!])).toMatchObject([{ spent: 0n }])
  // It stops nobody else, and fewer of it fit.
  pass(1000)
  const reservation = await windows.reserve({ id: 'batch', charges: many(150) })
  await windows.commit(reservation)
  expect(await windows.read([first!])).toMatchObject([{ spent: 1n }])
})

const ids = ['a', 'b', 'c']
const steps = fc.array(
  fc.record({
    id: fc.constantFrom(...ids),
    amount: fc.bigInt(1n, 60n),
    waitMs: fc.oneof(
      { weight: 6, arbitrary: fc.nat(90_000) },
      { weight: 1, arbitrary: fc.nat(5_000_000) },
    ),
    what: fc.oneof(
      { weight: 8, arbitrary: fc.constant('raise' as const) },
      { weight: 1, arbitrary: fc.constant('release' as const) },
    ),
    settles: fc.boolean(),
  }),
  { minLength: 30, maxLength: 120 },
)

test('counts the same as a list of all increases', async () => {
  const check = async (list: Step[]) => {
    const { windows, pass, now, readRow } = open()
    const model = new Map<string, { bucket: number; amount: bigint }[]>()
    const alive = (id: string) =>
      (model.get(id) ?? []).filter(
        ({ bucket }) => now() < freeAt('hour', bucket),
      )
    const sum = (parts: { amount: bigint }[]) =>
      parts.reduce((total, { amount }) => total + amount, 0n)
    for (const { id, amount, waitMs, what, settles } of list) {
      pass(waitMs)
      if (what === 'release') {
        await windows.release(id, { keep: [charge(amount)] })
        let left = amount
        const kept = [...alive(id)]
          .sort((a, b) => b.bucket - a.bucket)
          .map((one) => {
            const part = smaller(one.amount, left)
            left -= part
            return { ...one, amount: part }
          })
        model.set(id, kept)
      } else {
        const reservation = await windows.raise({
          ...{ id, charges: [charge(amount)] },
        })
        const { settle } = await windows.commit(reservation)
        if (settles) await settle()
        const more = amount - sum(alive(id))
        const bucket = numberAt('hour', now())
        if (more > 0n) model.set(id, [...alive(id), { bucket, amount: more }])
      }
      const [read] = await windows.read([{ window, scope: {} }])
      expect(read!.spent).toBe(sum(ids.flatMap(alive)))
      if (what === 'raise')
        expect(readRow(id).row.counted.length).toBeLessThanOrEqual(14)
    }
  }
  type Step = Parameters<Parameters<typeof steps.map>[0]>[0][number]
  await fc.assert(fc.asyncProperty(steps, check), { numRuns: soak ? 1000 : 15 })
})
