import { beforeEach, describe, expect, test } from 'vitest'
import type {
  Charge,
  Scope,
  Window,
  Windows,
} from '../../../packages/guard/src/windows/index.js'
import {
  atMost,
  type Store,
} from '../../../packages/guard/src/windows/Store.js'
import { itemOf, nameOf } from '../../../packages/guard/src/windows/Window.js'
import * as WindowItem from '../../../packages/guard/src/windows/WindowItem.js'
import type { Known } from '../../../packages/guard/src/windows/Windows.js'

const hourMs = 3_600_000
const bucketMs = 300_000
/** Some bucket's beginning. */
const begin = 1_800_000_000_000

/** A table of its own, and its clock. */
export type Bench = {
  newWindows(): Windows
  /** In ms since 1970, a whole second. */
  setTime(ms: number): void
  /** The table, for whoever writes to it past the windows. */
  openStore(): Store
}

let count = 0

/** One suite for both: what the memory's say is what DynamoDB's say. */
export function describeWindows(bench: Bench): void {
  let windows: Windows
  let window: Window
  let scope: Scope
  beforeEach(() => {
    bench.setTime(begin)
    windows = bench.newWindows()
    // Each test has windows of its own.
    window = { id: `w${++count}`, asset: 'usdc', length: 'hour', limit: 100n }
    scope = { caller: `caller${count}` }
  })

  const id = (name: string) => `${name}-${count}`
  const charge = (amount: bigint, more: Partial<Charge> = {}): Charge[] => [
    { window, scope, amount, ...more },
  ]
  const spent = async (of: Partial<Charge> = {}) =>
    (await windows.read([{ window, scope, ...of }]))[0]!.spent
  const spend = async (name: string, charges: readonly Charge[]) => {
    const reservation = await windows.reserve({ id: id(name), charges })
    const { settle } = await windows.commit(reservation)
    await settle()
    return reservation
  }
  const known = (charges: readonly Charge[], at: number): Known[] =>
    charges.map((one) => ({ ...one, at }))

  test('to the last unit', async () => {
    await spend('a', charge(60n))
    await spend('b', charge(40n))
    await expect(
      windows.reserve({ id: id('c'), charges: charge(1n) }),
    ).rejects.toMatchObject({
      code: 'window-exceeded',
      came: 1n,
      spent: 100n,
      freeAt: begin + bucketMs + hourMs,
      shortMessage: `The window "${window.id}" allows 100 in any 60 minutes for the caller "${scope.caller}", counted in the smallest unit of usdc. The request needs 1, but 100 has already been counted toward this limit.`,
      details:
        'The request will fit from 2027-01-15T09:05:00.000Z if nothing else is spent.',
    })
    expect(await windows.read([{ window, scope }])).toEqual([
      {
        ...{ window, scope, spent: 100n, left: 0n },
        freeAt: begin + bucketMs + hourMs,
      },
    ])
  })

  test('38 digits are exact, more are refused unasked', async () => {
    window = { ...window, limit: 10n ** 38n - 1n }
    await spend('a', charge(10n ** 38n - 3n))
    await spend('b', charge(1n))
    expect(await spent()).toBe(10n ** 38n - 2n)
    await expect(spend('c', charge(2n))).rejects.toMatchObject({
      spent: 10n ** 38n - 2n,
    })
    await spend('d', charge(1n))
    expect(await spent()).toBe(10n ** 38n - 1n)
    await expect(spend('e', charge(10n ** 38n))).rejects.toMatchObject({
      code: 'window-exceeded',
      spent: undefined,
      freeAt: undefined,
    })
    const tooMuch = { ...window, limit: 10n ** 38n }
    await expect(
      spend('f', charge(1n, { window: tooMuch })),
    ).rejects.toMatchObject({ code: 'guard-configuration' })
  })

  test('is free again after the window and one bucket, not before', async () => {
    bench.setTime(begin + 7000)
    await spend('a', charge(100n))
    const freeAt = begin + bucketMs + hourMs
    for (const time of [begin + hourMs + 7000, freeAt - 1000]) {
      bench.setTime(time)
      await expect(spend('b', charge(1n))).rejects.toMatchObject({ freeAt })
    }
    bench.setTime(freeAt)
    expect(await spent()).toBe(0n)
    await spend('b', charge(100n))
  })

  test.each([
    ['day', 24 * hourMs, hourMs],
    ['week', 168 * hourMs, 6 * hourMs],
  ] as const)('%s', async (length, ms, bucket) => {
    window = { ...window, length }
    const from = Math.floor(begin / bucket) * bucket
    bench.setTime(from)
    for (let n = 0n; n < 5n; n++) {
      await spend(`a${n}`, charge(20n))
      bench.setTime(from + Number(n) * bucket)
    }
    bench.setTime(from + bucket + ms - 1000)
    await expect(spend('b', charge(1n))).rejects.toMatchObject({ spent: 100n })
    bench.setTime(from + bucket + ms)
    await spend('c', charge(40n))
    expect(await spent()).toBe(100n)
  })

  test('all windows of a request or none', async () => {
    const tight: Window = {
      ...window,
      id: `${window.id}-day`,
      length: 'day',
      limit: 30n,
    }
    const total = { ...window, id: `${window.id}-total`, limit: 20n }
    const charges = (amount: bigint) => [
      ...charge(amount),
      ...charge(amount, { window: tight }),
      ...charge(amount, { window: total, scope: { recipient: id('r') } }),
    ]
    await spend('a', charges(15n))
    await expect(spend('b', charges(6n))).rejects.toMatchObject({
      window: total,
      spent: 15n,
    })
    const sums = async () =>
      (
        await windows.read(
          charges(0n).map(({ window, scope }) => ({ window, scope })),
        )
      ).map(({ spent }) => spent)
    expect(await sums()).toEqual([15n, 15n, 15n])
    await spend('b', charges(5n))
    await expect(spend('c', charges(11n))).rejects.toMatchObject({
      code: 'window-exceeded',
    })
    expect(await sums()).toEqual([20n, 20n, 20n])
  })

  test('what a request takes twice from a window is added up', async () => {
    await spend('a', [...charge(30n), ...charge(40n), ...charge(0n)])
    expect(await spent()).toBe(70n)
    await spend('b', charge(0n))
    expect(await spent()).toBe(70n)
  })

  test('callers, accounts and recipients are counted apart', async () => {
    const scopes: Scope[] = [
      { caller: id('a') },
      { caller: id('A') },
      { account: '0xAb', recipient: id('x') },
      { account: '0xAb' },
      {},
    ]
    for (const [n, scope] of scopes.entries())
      await spend(`a${n}`, charge(BigInt(n + 1), { scope }))
    for (const [n, scope] of scopes.entries())
      expect(await spent({ scope })).toBe(BigInt(n + 1))
    expect(await spent({ scope: { account: '0xaB' } })).toBe(4n)
    const other = { ...window, chain: 10n }
    expect(await spent({ window: other })).toBe(0n)
  })

  test('a window with the same name keeps what was spent', async () => {
    await spend('a', charge(60n))
    window = { ...window, limit: 50n }
    await expect(spend('b', charge(1n))).rejects.toMatchObject({ spent: 60n })
    window = { ...window, limit: 61n }
    await spend('c', charge(1n))
    window = { ...window, length: 'day' }
    expect(await spent()).toBe(0n)
  })

  describe('under one id', () => {
    test('counts once, however often it is asked for', async () => {
      const other = bench.newWindows()
      const parameters = { id: id('a'), charges: charge(60n) }
      const first = await windows.reserve(parameters)
      const second = await other.reserve(parameters)
      expect(second.reserved[0]!.entry).toEqual(first.reserved[0]!.entry)
      expect(await spent()).toBe(60n)
      const committed = [
        await windows.commit(first),
        await other.commit(second),
      ]
      for (const { settle } of committed) await settle()
      // After it was tidied up, too, and where twice would be too much.
      for (let n = 0; n < 3; n++) await spend('a', charge(60n))
      expect(await spent()).toBe(60n)
      await spend('b', charge(40n))
      await spend('a', charge(60n))
      expect(await spent()).toBe(100n)
    })

    test('counts only what is more', async () => {
      await spend('a', charge(30n))
      const parameters = { id: id('a'), charges: charge(50n) }
      const raised = await windows.raise(parameters)
      expect(await spent()).toBe(50n)
      await (await windows.commit(raised)).settle()
      await spend('a', charge(70n))
      expect(await spent()).toBe(70n)
      await spend('a', charge(20n))
      expect(await spent()).toBe(70n)
      await spend('b', charge(30n))
      await expect(spend('a', charge(71n))).rejects.toMatchObject({ came: 1n })
      await spend('a', charge(70n))
      expect(await spent()).toBe(100n)
    })

    test('counts again when no window counts it any more', async () => {
      await spend('a', charge(60n))
      bench.setTime(begin + 2 * hourMs)
      await spend('a', charge(60n))
      expect(await spent()).toBe(60n)
      await windows.release(id('a'))
      expect(await spent()).toBe(0n)
    })

    test('a repetition that was not needed can not be committed later', async () => {
      await spend('a', charge(30n))
      const parameters = { id: id('a'), charges: charge(30n) }
      const second = await windows.reserve(parameters)
      const joined = await bench.newWindows().reserve(parameters)
      await (await windows.commit(second)).settle()
      expect(await spent()).toBe(30n)
      await windows.release(id('a'))
      await expect(windows.commit(joined)).rejects.toMatchObject({
        code: 'reservation-released',
      })
      expect(await spent()).toBe(0n)
    })

    test('other amounts wait for the first', async () => {
      const first = await windows.reserve({ id: id('a'), charges: charge(5n) })
      const second = windows.reserve({ id: id('a'), charges: charge(8n) })
      const { settle } = await windows.commit(first)
      await settle()
      await (await windows.commit(await second)).settle()
      expect(await spent()).toBe(8n)
    })
  })

  describe('what is not committed', () => {
    test('is given back, and can not be committed after it', async () => {
      const first = await windows.reserve({ id: id('a'), charges: charge(60n) })
      const joined = await windows.reserve({
        id: id('a'),
        charges: charge(60n),
      })
      await windows.giveBack(first)
      await windows.giveBack(first)
      expect(await spent()).toBe(0n)
      for (const one of [first, joined])
        await expect(windows.commit(one)).rejects.toMatchObject({
          code: 'reservation-released',
        })
      await spend('a', charge(60n))
      expect(await spent()).toBe(60n)
      await windows.giveBack(first)
      expect(await spent()).toBe(60n)
    })

    test('is released after its deadline', async () => {
      const charges = charge(60n)
      const sleeper = await windows.reserve({
        id: id('a'),
        charges,
        ttlMs: 10_000,
      })
      const other = bench.newWindows()
      await other.recover()
      expect(await spent()).toBe(60n)
      bench.setTime(begin + 10_000)
      await other.recover()
      expect(await spent()).toBe(0n)
      await expect(windows.commit(sleeper)).rejects.toMatchObject({
        code: 'reservation-released',
        shortMessage: `The reservation "${id('a')}" was released.`,
      })
      expect(await spent()).toBe(0n)
    })

    test('is taken over by the next one after its deadline', async () => {
      const charges = charge(60n)
      const sleeper = await windows.reserve({
        id: id('a'),
        charges,
        ttlMs: 10_000,
      })
      bench.setTime(begin + 10_000)
      await spend('a', charge(100n))
      expect(await spent()).toBe(100n)
      await expect(windows.commit(sleeper)).rejects.toMatchObject({
        code: 'reservation-released',
      })
    })
  })

  test('what was committed counts, tidied up or not', async () => {
    const reservation = await windows.reserve({
      id: id('a'),
      charges: charge(60n),
    })
    await windows.commit(reservation)
    bench.setTime(begin + 600_000)
    expect((await windows.recover()).recovered).toBeGreaterThanOrEqual(1)
    expect(await spent()).toBe(60n)
    // It may have been signed, and is not once more for this.
    await expect(windows.commit(reservation)).rejects.toMatchObject({
      code: 'reservation-released',
    })
    expect(await spent()).toBe(60n)
  })

  describe('a release', () => {
    test('frees what was counted, once', async () => {
      await spend('a', charge(60n))
      await spend('b', charge(40n))
      bench.setTime(begin + bucketMs)
      for (let n = 0; n < 2; n++) await windows.release(id('a'))
      expect(await spent()).toBe(40n)
      await spend('c', charge(60n))
      await windows.release(id('none'))
      // A new request of the id is a new one.
      await windows.release(id('c'))
      await spend('a', charge(60n))
      expect(await spent()).toBe(100n)
    })

    test('of what is not tidied up', async () => {
      const reservation = await windows.reserve({
        id: id('a'),
        charges: charge(60n),
      })
      const { settle } = await windows.commit(reservation)
      await windows.release(id('a'))
      expect(await spent()).toBe(0n)
      await settle()
      expect(await spent()).toBe(0n)
      await expect(windows.commit(reservation)).rejects.toMatchObject({
        code: 'reservation-released',
      })
    })

    test('keeps what was mined', async () => {
      await spend('a', charge(30n))
      bench.setTime(begin + bucketMs)
      await spend('a', charge(50n))
      await windows.release(id('a'), { keep: charge(40n) })
      expect(await spent()).toBe(40n)
      // What is kept is in the newest buckets.
      bench.setTime(begin + bucketMs + hourMs)
      expect(await spent()).toBe(20n)
    })
  })

  describe('a halt', () => {
    test('refuses in every window, also in new ones', async () => {
      await spend('a', charge(1n))
      const held = await windows.reserve({
        id: id('held'),
        charges: charge(1n),
      })
      const other = bench.newWindows()
      await other.halt('the table was rolled back')
      const halt = await other.readHalt()
      expect(halt?.reason).toBe('the table was rolled back')
      // The table's clock stands still here, but not that of the process.
      expect(halt?.since).toBeGreaterThanOrEqual(begin)
      expect(halt?.since).toBeLessThan(begin + 1000)
      const refusal = {
        code: 'guard-halted',
        shortMessage: 'The guard is halted: the table was rolled back.',
      }
      await expect(spend('b', charge(1n))).rejects.toMatchObject(refusal)
      const scope = { caller: id('new') }
      for (const name of ['c', 'd'])
        await expect(spend(name, charge(1n, { scope }))).rejects.toMatchObject(
          refusal,
        )
      // What was reserved before is in the sums, and may be given back.
      await windows.giveBack(held)
      await windows.release(id('a'))
      await windows.halt('again')
      await windows.unhalt('arn:aws:iam::123456789012:role/admin')
      expect(await windows.readHalt()).toBe(undefined)
      await spend('b', charge(2n))
      await spend('c', charge(3n, { scope }))
      expect([await spent(), await spent({ scope })]).toEqual([2n, 3n])
      await windows.unhalt('arn:aws:iam::123456789012:role/admin')
    })
  })

  test('what was raised within one bucket is released as a whole, or to what is kept', async () => {
    for (const kept of [0n, 4n, 12n]) {
      const name = id(`raised${kept}`)
      for (const amount of [10n, 15n]) {
        const charges = charge(amount)
        const reserve = amount === 10n ? windows.reserve : windows.raise
        const reservation = await reserve({ id: name, charges })
        await (await windows.commit(reservation)).settle()
      }
      expect(await spent()).toBe(15n)
      await windows.release(name, { keep: charge(kept) })
      expect(await spent()).toBe(kept)
      await windows.release(name)
      expect(await spent()).toBe(0n)
    }
  })

  describe('compared with what is known', () => {
    test('nothing is amiss where at least as much is counted', async () => {
      await spend('a', charge(60n))
      await spend('b', charge(1n))
      bench.setTime(begin + bucketMs)
      const all = known(charge(61n), begin)
      expect(await windows.compare(async () => all)).toEqual([])
      // What is spent in the meantime is in no sum yet.
      const since = known(charge(50n), begin + bucketMs)
      expect(await windows.compare(async () => [...all, ...since])).toEqual([])
      bench.setTime(begin + bucketMs + hourMs)
      await spend('c', charge(1n))
      expect(await windows.compare(async () => all)).toEqual([])
      expect(await windows.readHalt()).toBe(undefined)
    })

    test('a window that counts less halts everything', async () => {
      await spend('a', charge(60n))
      bench.setTime(begin + 1000)
      const never = { caller: id('never') }
      const all = known(
        [...charge(61n), ...charge(1n, { scope: never })],
        begin,
      )
      expect(await windows.compare(async () => all)).toEqual([
        { window, scope, counted: 60n, known: 61n },
        { window, scope: never, counted: 0n, known: 1n },
      ])
      await expect(spend('b', charge(1n))).rejects.toMatchObject({
        shortMessage: `The guard is halted: the counter of the window "${window.id}" is 60, but 61 has already been spent, and 1 more counter is too low.`,
      })
      await windows.unhalt('somebody')
    })
  })

  describe('recounted from what was committed', () => {
    /** As somebody does who may write to the table. */
    async function lower(amount: bigint) {
      const key = WindowItem.keyOf(itemOf(window, scope))
      const store = bench.openStore()
      const { value } = await store.get(key)
      const path = ['windows', nameOf(window)]
      const sums = WindowItem.read('', value!).windows.get(nameOf(window))!
      const bucket = [
        ...path,
        'buckets',
        String([...sums.buckets.keys()].at(-1)),
      ]
      const change = {
        add: [[[...path, 'sum'], -amount] as const, [bucket, -amount] as const],
        when: [atMost([...path, 'sum'], 100n)],
      }
      expect((await store.update(key, change)).value).toBe(true)
    }
    // Later than all that others have written; it never goes back.
    let now = begin + 1000 * hourMs
    const pass = (ms: number) => {
      now += ms
      bench.setTime(now)
    }
    /** What was before, to the second, is not reckoned with any more. */
    async function accept() {
      pass(1000)
      await windows.unhalt('somebody')
      pass(2 * bucketMs)
    }
    beforeEach(async () => {
      pass(10 * bucketMs)
      expect(await windows.recount()).toEqual([])
    })

    test('nothing is amiss after spending, raising, giving back and releases', async () => {
      await spend('a', charge(30n))
      await spend('a', charge(40n))
      await windows.giveBack(
        await windows.reserve({ id: id('b'), charges: charge(5n) }),
      )
      await spend('c', charge(20n))
      await windows.release(id('c'))
      await spend('d', charge(10n))
      await windows.release(id('d'), { keep: charge(4n) })
      await windows.commit(
        await windows.reserve({ id: id('e'), charges: charge(1n) }),
      )
      for (const ms of [0, bucketMs, 2 * hourMs]) {
        pass(ms)
        await windows.recover()
        expect(await windows.recount()).toEqual([])
      }
    })

    test('one unit less halts everything, until somebody accepts it', async () => {
      await spend('a', charge(60n))
      await lower(1n)
      expect(await windows.recount()).toEqual([window.id])
      await expect(spend('b', charge(1n))).rejects.toMatchObject({
        shortMessage: `The guard is halted: a bucket in window "${window.id}" records a total of 59, but 60 has been committed to it.`,
      })
      await accept()
      expect(await windows.recount()).toEqual([])
      await spend('b', charge(1n))
      await lower(1n)
      expect(await windows.recount()).toEqual([window.id])
      await accept()
    })

    test('also of what nobody lived to tidy up', async () => {
      const charges = charge(60n)
      await windows.commit(await windows.reserve({ id: id('a'), charges }))
      pass(60_000)
      await windows.recover()
      await lower(1n)
      expect(await windows.recount()).toEqual([window.id])
      await accept()
    })

    test('also of a window that was moved ahead of its buckets', async () => {
      await spend('a', charge(60n))
      const path = ['windows', nameOf(window)]
      const moved = { at: 10n ** 9n, sum: 0n, buckets: {} }
      await bench.openStore().update(WindowItem.keyOf(itemOf(window, scope)), {
        set: [[path, moved]],
        when: [atMost([...path, 'sum'], 100n)],
      })
      expect(await windows.recount()).toEqual([window.id])
      await accept()
    })

    test('also of what was released in part', async () => {
      await spend('a', charge(60n))
      await windows.release(id('a'), { keep: charge(10n) })
      await lower(1n)
      expect(await windows.recount()).toEqual([window.id])
      await accept()
    })
  })

  test('64 at once, to the last unit', async () => {
    const racers = Array.from({ length: 64 }, () => bench.newWindows())
    const outcomes = await Promise.allSettled(
      racers.map(async (one, n) => {
        const charges = [
          ...charge(3n),
          ...charge(3n, { scope: {}, window: { ...window, limit: 1000n } }),
        ]
        const reservation = await one.reserve({ id: id(`r${n}`), charges })
        await (await one.commit(reservation)).settle()
      }),
    )
    const failures = outcomes.flatMap((one) =>
      one.status === 'rejected' ? [one.reason.code] : [],
    )
    expect(failures).toEqual(Array(64 - 33).fill('window-exceeded'))
    expect(await spent()).toBe(99n)
    expect(
      await spent({ scope: {}, window: { ...window, limit: 1000n } }),
    ).toBe(99n)
    await spend('last', charge(1n))
    expect(await spent()).toBe(100n)
  })
}
