import { freeAt } from './Buckets.js'
import type { Part } from './Entry.js'
import { GuardItemError, ReservationTooLargeError } from './errors.js'
import type { Key, Values } from './Store.js'
import { lengthOf } from './Window.js'

/**
 * What an id stands for: it decides what becomes of the entries in the window
 * items. Each write raises `rev` by one and is done only on the one before.
 */
export type Row = {
  /** What counts under the id. */
  readonly counted: readonly Counted[]
  /** Reservations that may not be committed any more. */
  readonly dead: readonly (readonly [token: string, deadline: number])[]
  /** Neither may any that are not listed, with deadlines up to here. */
  readonly deadUpTo: number
  /** Of the releases that are done. */
  readonly released: readonly string[]
}

export type Counted = Part & {
  readonly item: string
  /** Of the entry that reserved it; empty for what several have, by `fold`. */
  readonly token: string
  /** Of that entry. */
  readonly deadline: number
}

export const keyOf = (id: string): Key => ({
  pk: `reservation#${id}`,
  sk: 'reservation',
})

export const none: Row = { counted: [], dead: [], deadUpTo: 0, released: [] }

/**
 * Without what no window counts any more: it would neither be released nor
 * spare a repetition anything.
 */
export function prune(row: Row, now: number): Row {
  const counted = row.counted.filter(({ window, bucket }) => {
    const length = lengthOf(window)
    return length !== undefined && now < freeAt(length, bucket)
  })
  return counted.length === row.counted.length ? row : { ...row, counted }
}

/**
 * Puts together what counts in one bucket of an item, for a raise that has its
 * entry there: an item has one entry for each id, so that those before are out of
 * it. They count, and can't be committed or settled once more.
 */
export function fold(row: Row, item: string): Row {
  const buckets = new Map<string, Counted>()
  let folded = row
  for (const one of row.counted) {
    if (one.item !== item) continue
    const key = `${one.window} ${one.bucket}`
    const amount = (buckets.get(key)?.amount ?? 0n) + one.amount
    buckets.set(key, { ...one, amount, token: '', deadline: 0 })
    if (one.token !== '') folded = kill(folded, one.token, one.deadline)
  }
  const others = row.counted.filter((one) => one.item !== item)
  return { ...folded, counted: [...others, ...buckets.values()] }
}

/** More dead tokens than these are only known by their deadlines. */
const maxDead = 40

export function kill(row: Row, token: string, deadline: number): Row {
  if (isDead(row, token, deadline)) return row
  const dead = [...row.dead, [token, deadline] as const].sort(
    ([, a], [, b]) => a - b,
  )
  if (dead.length <= maxDead) return { ...row, dead }
  const forgotten = dead.splice(0, maxDead / 2)
  const deadUpTo = Math.max(row.deadUpTo, forgotten.at(-1)?.[1] ?? 0)
  return { ...row, dead, deadUpTo }
}

export function isDead(row: Row, token: string, deadline: number): boolean {
  return deadline <= row.deadUpTo || row.dead.some(([one]) => one === token)
}

/** What counts in one window of an item, by all entries or by one. */
export function amountOf(
  row: Row,
  item: string,
  window: string,
  token?: string,
): bigint {
  return row.counted
    .filter(
      (one) =>
        one.item === item &&
        one.window === window &&
        (token === undefined || one.token === token),
    )
    .reduce((sum, { amount }) => sum + amount, 0n)
}

export function encode(row: Row, rev: bigint): Values {
  return { rev, state: JSON.stringify(row, (_, value) => toJson(value)) }
}

function toJson(value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}

/**
 * Of DynamoDB's 400 kB for an item; the rest is for what is dead, and for what
 * people read.
 */
const maxBytes = 350_000

/** @throws ReservationTooLargeError for a row that can't be stored */
export function assertFits(id: string, row: Row): void {
  const { state } = encode(row, 0n)
  const bytes = Buffer.byteLength(String(state))
  if (bytes > maxBytes) throw new ReservationTooLargeError(id, bytes, maxBytes)
}

/** @throws GuardItemError */
export function decode(id: string, { rev, state }: Values) {
  const fail = () =>
    new GuardItemError(`pk=reservation#${id.slice(0, 80)}`, 'it is not a state')
  if (typeof rev !== 'bigint' || typeof state !== 'string') throw fail()
  try {
    const row = JSON.parse(state) as Row
    const counted = row.counted.map((one) => ({
      ...one,
      amount: BigInt(one.amount),
    }))
    const { dead, deadUpTo, released } = row
    if (![dead, released].every(Array.isArray)) throw fail()
    return { rev, row: { counted, dead, deadUpTo, released } satisfies Row }
  } catch {
    throw fail()
  }
}
