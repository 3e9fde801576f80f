import { freeAt } from '../../../packages/guard/src/windows/Buckets.js'
import { createWindows } from '../../../packages/guard/src/windows/createWindows.js'
import * as Entry from '../../../packages/guard/src/windows/Entry.js'
import { GuardTimeoutError } from '../../../packages/guard/src/windows/errors.js'
import { createStore } from '../../../packages/guard/src/windows/memory/createStore.js'
import * as Row from '../../../packages/guard/src/windows/Row.js'
import type {
  Key,
  Store,
  Values,
} from '../../../packages/guard/src/windows/Store.js'
import type { Window } from '../../../packages/guard/src/windows/Window.js'
import * as WindowItem from '../../../packages/guard/src/windows/WindowItem.js'
import type { Known } from '../../../packages/guard/src/windows/Windows.js'
import type { Spent } from './findExcess.js'

export type Scene = ReturnType<typeof createScene>

class Stopped extends Error {}

export const isStopped = (error: unknown): boolean => error instanceof Stopped

/** From 0 to below 1; mulberry32. */
function createRandom(seed: number): () => number {
  let state = seed * 2654435761
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

export const byBucket = (
  [a]: readonly [number, bigint],
  [b]: readonly [number, bigint],
): number => a - b

/** One table, and processes that come to their next step by chance. */
export function createScene(seed: number) {
  const random = createRandom(seed + 1)
  const pick = <value>(values: readonly value[]) =>
    values[Math.floor(random() * values.length)] as value
  let now = 1_800_000_000_000 + Math.floor(random() * 7_200_000)
  let uuids = 0
  const items = new Map<string, { key: Key; item: Values }>()
  const table = createStore(() => Math.floor(now / 1000) * 1000, items)
  /** When each entry was written, by its token. */
  const writtenAt = new Map<string, number>()
  /** What rows ever counted, without what they took back. */
  const counted = new Map<string, Spent & { key: string }>()
  /** When the newest entry was written of those that may be put together. */
  const newestIn = new Map<string, number>()
  const placeOf = (pk: string, { item, window, bucket }: Row.Counted) =>
    [pk, item, window, bucket].join(' ')
  /** Of each row, as it was seen last. */
  const seenRows = new Map<string, { names: string[]; releases: number }>()

  type Process = { wakesAt: number; isDead: boolean }

  type Waiting = {
    process: Process
    go: () => void
    stop: () => void
    from: number
  }
  let waiting: Waiting[] = []

  /** Looks at what was written, beside the product. */
  function observe({ pk, sk }: Key) {
    const item = items.get(`${pk}\0${sk}`)?.item
    if (item === undefined) return
    if (pk === 'windows')
      for (const text of Object.values(item.open as Values)) {
        const { token } = Entry.decode(String(text))!
        if (!writtenAt.has(token)) writtenAt.set(token, now)
      }
    else if (pk.startsWith('reservation#'))
      observeRow(pk, Row.decode(pk, item).row)
  }

  function observeRow(pk: string, row: Row.Row) {
    const names = row.counted.flatMap((one) => {
      const { item, window, token, amount } = one
      // What several raised stands together; each was seen before.
      if (token === '') return []
      const name = `${item} ${window} ${token}`
      const at = writtenAt.get(token)!
      newestIn.set(placeOf(pk, one), at)
      if (!counted.has(name))
        counted.set(name, { at, amount, key: `${item} ${window}` })
      return [name]
    })
    const seen = seenRows.get(pk)
    const releases = row.released.length
    const isReleased = seen !== undefined && releases > seen.releases
    // A release keeps nothing here.
    if (isReleased) for (const name of seen.names) counted.delete(name)
    const before = isReleased ? [] : (seen?.names ?? [])
    seenRows.set(pk, { names: [...new Set([...before, ...names])], releases })
  }

  function newProcess(name: string, { isCareful = false } = {}) {
    const process: Process = { wakesAt: 0, isDead: false }
    const skew = isCareful || random() < 0.7 ? 0 : (random() - 0.5) * 900_000
    const turn = (from = 0) =>
      isCareful
        ? Promise.resolve()
        : new Promise<void>((resolve, reject) => {
            const stop = () => {
              process.isDead = true
              reject(new Stopped(name))
            }
            // Whoever is dead does nothing more, whatever it would catch.
            if (process.isDead) stop()
            else waiting.push({ process, go: resolve, stop, from })
          })
    const runtime = {
      now: () => now + skew,
      sleep: (ms: number) => turn(now + ms),
      random,
      uuid: () => `${String(++uuids).padStart(16, '0')}`,
    }
    const observeFirst = ([key]: unknown[]) => {
      if (typeof key === 'object') observe(key as Key)
    }
    const through =
      <values extends unknown[], value>(
        call: (...values: values) => Promise<value>,
      ) =>
      async (...values: values): Promise<value> => {
        await turn()
        if (!isCareful && random() < 0.006)
          throw new GuardTimeoutError('here', 1)
        // An answer got lost, and the client asked again.
        if (!isCareful && random() < 0.02) {
          await call(...values)
          observeFirst(values)
          await turn()
        }
        const answer = await call(...values)
        observeFirst(values)
        await turn()
        if (!isCareful && random() < 0.006)
          throw new GuardTimeoutError('here', 1)
        return answer
      }
    const store: Store = {
      host: 'here',
      get: through(table.get),
      list: through(table.list),
      create: through(table.create),
      replace: through(table.replace),
      update: through(table.update),
    }
    return { windows: createWindows(store, runtime), runtime }
  }

  return {
    random,
    pick,
    newProcess,
    pass(ms: number) {
      now += ms
    },
    async run(works: (() => Promise<void>)[]) {
      let running = works.length
      let failure: unknown
      for (const work of works)
        work().then(
          () => running--,
          (error) => {
            failure ??= error
            running--
          },
        )
      while (running > 0) {
        // Whoever was let go on comes to his next turn.
        await new Promise((resolve) => setImmediate(resolve))
        if (failure !== undefined) break
        const ready = waiting.filter(
          ({ process, from }) => process.wakesAt <= now && from <= now,
        )
        if (ready.length === 0) {
          if (waiting.length === 0) continue
          now += 1 + Math.floor(random() * 30_000)
          continue
        }
        const chosen = pick(ready)
        const dice = random()
        if (dice < 0.004) {
          const { process } = chosen
          for (const one of waiting.filter((one) => one.process === process))
            one.stop()
          waiting = waiting.filter((one) => one.process !== process)
          continue
        }
        if (dice < 0.014) {
          chosen.process.wakesAt = now + random() * 2 * 3_600_000
          continue
        }
        if (dice < 0.3) now += Math.floor(random() * 2000)
        if (dice > 0.995) now += Math.floor(random() * 3_600_000)
        waiting.splice(waiting.indexOf(chosen), 1)
        chosen.go()
      }
      for (const one of waiting) one.stop()
      waiting = []
      if (failure !== undefined) throw failure
    },
    readRow(id: string): Row.Row {
      const found = items.get(`reservation#${id}\0reservation`)
      return found ? Row.decode(id, found.item).row : Row.none
    },
    readItems(): [string, WindowItem.WindowItem][] {
      return [...items.values()]
        .filter(({ key }) => key.pk === 'windows')
        .map(({ key, item }) => [key.sk, WindowItem.read(key.sk, item)])
    },
    /** What the rows say of a window's buckets. */
    countedIn(item: string, window: string, sums: WindowItem.Sums) {
      const buckets = new Map<number, bigint>()
      for (const { key, item: values } of items.values()) {
        if (!key.pk.startsWith('reservation#')) continue
        for (const one of Row.decode(key.pk, values).row.counted)
          if (one.item === item && one.window === window)
            buckets.set(
              one.bucket,
              (buckets.get(one.bucket) ?? 0n) + one.amount,
            )
      }
      const isCounted = (bucket: number) => freeAt(sums.length, bucket) > now
      return [...buckets].filter(([bucket]) => isCounted(bucket)).sort(byBucket)
    },
    /** As somebody does who may write to the table; of which window, by its id. */
    lowerOne(): string | undefined {
      const counted = [...items.values()].flatMap(({ key, item }) => {
        if (key.pk !== 'windows') return []
        const { windows } = WindowItem.read(key.sk, item)
        return [...windows].flatMap(([name, { buckets, length }]) =>
          [...buckets].flatMap(([bucket, amount]) => {
            const isCounted = amount > 0n && freeAt(length, bucket) > now
            return isCounted ? [{ item, name, bucket }] : []
          }),
        )
      })
      if (counted.length === 0) return undefined
      const { item, name, bucket } = pick(counted)
      const sums = (item.windows as Values)[name] as { sum: bigint }
      const buckets = (sums as unknown as { buckets: Record<number, bigint> })
        .buckets
      sums.sum -= 1n
      buckets[bucket]! -= 1n
      return name.slice(0, name.indexOf('/'))
    },
    spentByWindow(): Map<string, Spent[]> {
      const spent = new Map<string, Spent[]>()
      for (const { key, ...one } of counted.values())
        spent.set(key, [...(spent.get(key) ?? []), one])
      return spent
    },
    /** What the rows count, as the reconciler knows it. */
    readKnown(windowOf: (name: string) => Window): Known[] {
      return [...items.values()].flatMap(({ key, item }) => {
        if (!key.pk.startsWith('reservation#')) return []
        return Row.decode(key.pk, item).row.counted.map((one) => {
          const [, caller] = /caller=(\w+)/.exec(one.item) ?? []
          const scope = caller === undefined ? {} : { caller }
          const window = windowOf(one.window)
          const writtenMs =
            writtenAt.get(one.token) ?? newestIn.get(placeOf(key.pk, one))!
          const at = Math.floor(writtenMs / 1000) * 1000
          return { window, scope, amount: one.amount, at }
        })
      })
    },
  }
}
