import { expect, test } from 'vitest'
import { soak } from '../../../../test/support/tools.js'
import {
  byBucket,
  createScene,
  isStopped,
  type Scene,
} from '../../../../test/support/windows/createScene.js'
import { findExcess } from '../../../../test/support/windows/findExcess.js'
import {
  GuardTimeoutError,
  ReservationBusyError,
  ReservationReleasedError,
} from './errors.js'
import * as Row from './Row.js'
import type { Charge, Scope, Window } from './Window.js'
import { itemOf, nameOf } from './Window.js'
import { WindowExceededError } from './WindowExceededError.js'

// Processes whose every step is in the hands of chance: they sleep, die, have
// wrong clocks and lose answers, on one table in memory.

const seeds = soak ? 20_000 : 10

const windows: Record<string, Window> = {
  hour: { id: 'hour', asset: 'usdc', length: 'hour', limit: 40n },
  day: { id: 'day', asset: 'usdc', length: 'day', limit: 90n },
  total: { id: 'total', asset: 'usdc', length: 'hour', limit: 60n },
  requests: { id: 'requests', asset: 'requests', length: 'hour', limit: 9n },
}

const expected = [
  WindowExceededError,
  ReservationReleasedError,
  ReservationBusyError,
  GuardTimeoutError,
]

function toCharges(scope: Scope, amount: bigint): Charge[] {
  return [
    { window: windows.hour!, scope, amount },
    { window: windows.day!, scope, amount },
    { window: windows.total!, scope: {}, amount },
    { window: windows.requests!, scope: {}, amount: 1n },
  ]
}

type Tally = Record<string, number>

/** Asks for this and that until it dies. */
async function work(scene: Scene, name: string, tally: Tally) {
  const { random, pick } = scene
  const { windows, runtime } = scene.newProcess(name)
  for (let n = 0; n < 6; n++)
    try {
      // What never was signed is released; nobody else signs it.
      const isFailing = random() < 0.2
      const id = isFailing ? `${name}-${n}` : `id${Math.floor(random() * 12)}`
      const scope = { caller: pick(['a', 'b']) }
      const amount = BigInt(1 + Math.floor(random() * 15))
      const charges = toCharges(scope, amount)
      const reserve = random() < 0.3 ? windows.raise : windows.reserve
      const reservation = await reserve({ id, charges, ttlMs: 60_000 })
      if (random() < 0.1) {
        await windows.giveBack(reservation)
        tally.givenBack = (tally.givenBack ?? 0) + 1
        continue
      }
      const { settle } = await windows.commit(reservation)
      const rows = scene.readRow(id)
      if (!isFailing)
        for (const { window, scope, amount } of charges)
          expect(
            Row.amountOf(rows, itemOf(window, scope), nameOf(window)),
          ).toBeGreaterThanOrEqual(amount)
      tally.committed = (tally.committed ?? 0) + 1
      if (random() < 0.8) await settle()
      if (isFailing) {
        await windows.release(id)
        tally.released = (tally.released ?? 0) + 1
      }
      await runtime.sleep(random() * 100_000)
    } catch (error) {
      if (isStopped(error)) return
      const type = expected.find((type) => error instanceof type)
      if (type === undefined) throw error
      tally[type.name] = (tally[type.name] ?? 0) + 1
    }
}

async function reconcile(scene: Scene) {
  const { windows, runtime } = scene.newProcess('reconciler')
  for (let n = 0; n < 8; n++)
    try {
      await windows.recover()
      expect(await windows.recount()).toEqual([])
      const shortfalls = await windows.compare(async () =>
        scene.readKnown(windowOf),
      )
      expect(shortfalls).toEqual([])
      await runtime.sleep(60_000)
    } catch (error) {
      if (isStopped(error)) return
      if (!expected.some((type) => error instanceof type)) throw error
    }
}

function windowOf(name: string): Window {
  return Object.values(windows).find((one) => nameOf(one) === name)!
}

test(`${seeds} random schedules`, { timeout: 1_200_000 }, async () => {
  const tally: Tally = {}
  for (let seed = 0; seed < seeds; seed++)
    try {
      const scene = createScene(seed)
      const first = scene.newProcess('first', { isCareful: true })
      await first.windows.recount()
      await scene.run([
        ...['p', 'q', 'r', 's'].map((name) => () => work(scene, name, tally)),
        () => reconcile(scene),
      ])
      // No interval has more than its limit.
      for (const [key, spent] of scene.spentByWindow()) {
        const window = windowOf(key.slice(key.indexOf(' ') + 1))
        expect(findExcess(window, spent)).toBe(undefined)
      }
      // Nothing stays, and the sums are what the rows say.
      const last = scene.newProcess('last', { isCareful: true })
      scene.pass(20 * 60_000)
      expect((await last.windows.recover()).damaged).toEqual([])
      for (const [item, known] of scene.readItems()) {
        expect([...known.open.keys()]).toEqual([])
        for (const [window, sums] of known.windows)
          expect({
            ...{ item, window },
            buckets: [...sums.buckets]
              .filter(([, amount]) => amount > 0n)
              .sort(byBucket),
          }).toEqual({
            ...{ item, window },
            buckets: scene.countedIn(item, window, sums),
          })
      }
      // Each commit that counts is listed: one unit less is found.
      expect(await last.windows.recount()).toEqual([])
      const lowered = scene.lowerOne()
      if (lowered === undefined) continue
      tally.lowered = (tally.lowered ?? 0) + 1
      expect(await last.windows.recount()).toEqual([lowered])
    } catch (error) {
      throw new Error(`seed ${seed}`, { cause: error })
    }
  for (const name of ['committed', 'released', 'givenBack', 'lowered'])
    expect(tally[name]).toBeGreaterThan(seeds / 4)
  for (const { name } of expected.slice(0, 2))
    expect(tally[name]).toBeGreaterThan(seeds / 100)
})
