import { freeAt } from './Buckets.js'
import type { Part } from './Entry.js'
import { GuardItemError, ReservationTooLargeError } from './errors.js'
import type { Key, Values } from './Store.js'
import { lengthOf } from './Window.js'

/**
 * The state of an id, which decides what happens to its entries in the window
 * items. Each write increments `rev`, and succeeds only if nobody has written
 * since the read.
 */
export type Row = {
  /** The amounts that count under the id. */
  readonly counted: readonly Counted[]
  /** Reservations that can no longer be committed. */
  readonly dead: readonly (readonly [token: string, deadline: number])[]
  /**
   * Unlisted reservations with a deadline up to this time can't be committed
   * either.
   */
  readonly deadUpTo: number
  /** Tokens of completed releases. */
  readonly released: readonly string[]
}

export type Counted = Part & {
  readonly item: string
  /**
   * Token of the entry that reserved it; `fold` leaves it empty for several
   * entries.
   */
  readonly token: string
  /** Deadline of that entry. */
  readonly deadline: number
}

export const keyOf = (id: string): Key => ({
  pk: `reservation#${id}`,
  sk: 'reservation',
})

export const none: Row = { counted: [], dead: [], deadUpTo: 0, released: [] }

/**
 * Removes amounts that no window counts any more. They could not be released,
 * and must not reduce a repeated reservation.
 */
export function prune(row: Row, now: number): Row {
  const counted = row.counted.filter(({ window, bucket }) => {
    const length = lengthOf(window)
    return length !== undefined && now < freeAt(length, bucket)
  })
  return counted.length === row.counted.length ? row : { ...row, counted }
}

/**
 * Merges the amounts in each bucket of an item before a raise adds its entry
 * there. An item has one entry per id, so the earlier entries have already left
 * the item. Their amounts count, and can't be committed or settled again.
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

/** Beyond this many dead tokens, only their deadlines are kept. */
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

/** The amount counted in one window of an item, for all entries or for one. */
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
 * DynamoDB allows 400 kB per item; the rest is for dead entries and for details
 * that people read.
 */
const maxBytes = 350_000

/** @throws ReservationTooLargeError if the row is too large to store */
export function assertFits(id: string, row: Row): void {
  const { state } = encode(row, 0n)
  const bytes = Buffer.byteLength(String(state))
  if (bytes > maxBytes) throw new ReservationTooLargeError(id, bytes, maxBytes)
}

/** Reads the stored form. */
type Stored = Omit<Row, 'counted'> & { counted: StoredPart[] }
type StoredPart = Omit<Counted, 'amount'> & { amount: string }

/** @throws GuardItemError */
export function decode(id: string, { rev, state }: Values) {
  try {
    const stored = JSON.parse(String(state)) as Stored
    const { dead, deadUpTo, released } = stored
    const isSound =
      typeof rev === 'bigint' &&
      isTime(deadUpTo) &&
      released.every(isText) &&
      dead.every(([token, deadline]) => isText(token) && isTime(deadline)) &&
      stored.counted.every(isCounted)
    if (isSound) {
      const counted = stored.counted.map((one) => ({
        ...one,
        amount: BigInt(one.amount),
      }))
      return { rev, row: { counted, dead, deadUpTo, released } satisfies Row }
    }
  } catch {
    // The state has another shape.
  }
  const place = `pk=reservation#${id.slice(0, 80)}`
  throw new GuardItemError(place, 'its state is malformed')
}

function isCounted(part: StoredPart): boolean {
  const { item, window, token, amount, bucket, deadline } = part
  return (
    [item, window, token, amount].every(isText) &&
    [bucket, deadline].every(isTime) &&
    /^[0-9]{1,78}$/.test(amount)
  )
}

const isText = (value: unknown) => typeof value === 'string'

const isTime = (value: unknown) =>
  Number.isSafeInteger(value) && Number(value) >= 0
