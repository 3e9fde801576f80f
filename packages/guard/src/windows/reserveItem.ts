import { numberAt, whenFree } from './Buckets.js'
import { type Context, insist } from './Context.js'
import * as Entry from './Entry.js'
import { GuardHaltedError } from './errors.js'
import { readHalt } from './halt.js'
import { resolve } from './resolve.js'
import { rollAll, rollWindow } from './rollWindow.js'
import { kill } from './rows.js'
import {
  absent,
  atMost,
  type Change,
  type Condition,
  equal,
  type Path,
  type Settings,
} from './Store.js'
import { settle } from './settle.js'
import { type Charge, nameOf } from './Window.js'
import { WindowExceededError } from './WindowExceededError.js'
import * as WindowItem from './WindowItem.js'

/** The amounts that an attempt has reserved in one item. */
export type Reserved = {
  readonly item: string
  readonly entry: Entry.Entry
  /** By the table's clock, in ms since 1970. */
  readonly at: number
}

/** How far the estimate of the table's time may be ahead. */
const toleranceMs = 5000
/** The maximum duration of a reservation. */
const maxTtlMs = 15 * 60_000
/**
 * The number of buckets that one write can drop, because DynamoDB's expressions
 * have at most 4,096 characters. Several windows that were idle for long are
 * rolled one by one.
 */
const maxDropped = 50

/**
 * Reserves the charges in one item: with one write if the item is as expected,
 * otherwise after reading it.
 *
 * @param of.charges - One charge for each window.
 * @throws WindowExceededError, GuardHaltedError, ReservationBusyError
 */
export function reserveItem(
  context: Context,
  of: { item: string; id: string; charges: readonly Charge[]; ttlMs: number },
  settings: Settings,
): Promise<Reserved> {
  const { store, clock, runtime } = context
  const { item, id, charges, ttlMs } = of
  const key = WindowItem.keyOf(item)
  /**
   * Tokens of this attempt, needed because an answer may get lost after the
   * write.
   */
  const own = new Set<string>()

  function newEntry(time: number, known?: WindowItem.WindowItem): Entry.Entry {
    const token = runtime.uuid().replaceAll('-', '').slice(0, 16)
    own.add(token)
    const deadline = Math.floor(time) + ttlMs
    return { kind: '+', token, deadline, parts: partsOf(charges, time, known) }
  }

  async function write(entry: Entry.Entry, change: Change) {
    const set = [...(change.set ?? []), [['open', id], Entry.encode(entry)]]
    const when = [...change.when, absent('open', id)]
    const full = { ...change, set, when } as Change
    const { value, at } = await store.update(key, full, settings)
    return value ? check(entry, at) : undefined
  }

  /** Undoes a write that used a wrong time. */
  async function check(entry: Entry.Entry, at: number) {
    const isTimely =
      entry.deadline <= at + ttlMs + toleranceMs &&
      entry.deadline > at + ttlMs / 2 &&
      charges.every(
        ({ window }, n) =>
          entry.parts[n]!.bucket >= numberAt(window.length, at),
      )
    if (isTimely) return { item, entry, at }
    const row = await kill(context, id, [entry], settings)
    await settle(context, { item, id, token: entry.token, row }, settings)
    return undefined
  }

  let isExpected = true
  return insist(context, id, async () => {
    if (isExpected) {
      const entry = newEntry(clock.estimate())
      const reserved = await write(entry, toBlindChange(charges, entry))
      if (reserved !== undefined) return reserved
    }
    const { value, at } = await store.get(key, settings)
    isExpected = value !== undefined
    if (value === undefined) {
      await store.create(key, WindowItem.empty, settings)
      return undefined
    }
    const known = WindowItem.read(item, value)
    if (known.halted !== 0n) {
      const halt = await readHalt(context, settings)
      if (halt !== undefined) throw new GuardHaltedError(halt.reason)
      // The halt is being lifted.
      if (known.halted !== WindowItem.unborn) return undefined
    }
    const found = known.open.get(id)?.entry
    if (found !== undefined) {
      if (own.has(found.token)) return check(found, at)
      if (await resolve(context, { item, id, entry: found, at }, settings))
        return undefined
      return canJoin(found, { charges, at, known })
        ? { item, entry: found, at }
        : undefined
    }
    assertWithin(charges, known, at)
    const change = toKnownChange(charges, known, at)
    if (change.remove.length <= maxDropped)
      return write(newEntry(at, known), change)
    await rollAll(context, item, known.windows, at, settings)
    return undefined
  })
}

function partsOf(
  charges: readonly Charge[],
  time: number,
  known?: WindowItem.WindowItem,
): Entry.Part[] {
  return charges.map(({ window, amount }) => ({
    window: nameOf(window),
    bucket: Math.max(
      numberAt(window.length, time),
      known?.windows.get(nameOf(window))?.at ?? 0,
    ),
    amount,
  }))
}

/**
 * The change to an item whose windows are all at the entry's buckets, without
 * reading it.
 */
function toBlindChange(
  charges: readonly Charge[],
  { parts }: Entry.Entry,
): Change {
  const add: [string[], bigint][] = []
  const when: Condition[] = [equal(['halted'], 0n)]
  for (const [n, { window, bucket, amount }] of parts.entries()) {
    const path = ['windows', window]
    add.push([[...path, 'sum'], amount])
    add.push([[...path, 'buckets', String(bucket)], amount])
    when.push(equal([...path, 'at'], BigInt(bucket)))
    when.push(atMost([...path, 'sum'], charges[n]!.window.limit - amount))
  }
  return { add, when }
}

/** The change to an item that was read. */
function toKnownChange(
  charges: readonly Charge[],
  known: WindowItem.WindowItem,
  now: number,
): Change & { remove: readonly Path[] } {
  const changes = charges.map(({ window, amount }) => {
    const name = nameOf(window)
    const sums = known.windows.get(name) ?? window.length
    return rollWindow(name, sums, { now, amount, limit: window.limit })
  })
  const isUnborn = known.halted === WindowItem.unborn
  return {
    set: [
      ...(isUnborn ? [[['halted'], 0n] as const] : []),
      ...changes.flatMap(({ set = [] }) => set),
    ],
    add: changes.flatMap(({ add = [] }) => add),
    remove: changes.flatMap(({ remove = [] }) => remove),
    when: [
      equal(['halted'], known.halted),
      ...changes.flatMap(({ when }) => when),
    ],
  }
}

/** @throws WindowExceededError */
function assertWithin(
  charges: readonly Charge[],
  known: WindowItem.WindowItem,
  now: number,
): void {
  for (const { window, scope, amount } of charges) {
    const sums = known.windows.get(nameOf(window))
    if (sums === undefined) continue
    const { sum, kept } = WindowItem.roll(sums, now)
    const excess = sum + amount - window.limit
    if (excess <= 0n) continue
    const freeAt = whenFree(window.length, kept, excess)
    throw new WindowExceededError({
      ...{ window, scope, came: amount, spent: sum, freeAt },
    })
  }
}

/**
 * Whether the same amounts are already reserved under this id, in the same
 * buckets.
 */
function canJoin(
  { kind, deadline, parts }: Entry.Entry,
  of: {
    charges: readonly Charge[]
    at: number
    known: WindowItem.WindowItem
  },
): boolean {
  const wanted = partsOf(of.charges, of.at, of.known)
  return (
    kind === '+' &&
    deadline <= of.at + maxTtlMs &&
    parts.length === wanted.length &&
    wanted.every((one) =>
      parts.some(
        (part) =>
          part.window === one.window &&
          part.bucket === one.bucket &&
          part.amount === one.amount,
      ),
    )
  )
}
