import type { Context, FullContext } from './Context.js'
import { isId, type Part } from './Entry.js'
import type { Counted, Row } from './Row.js'
import type { Key, Settings, Values } from './Store.js'
import { sealOf } from './seal.js'

// A list of all commits in time order. It exists because an id's row can be
// found only by its id.

const pk = 'commits'

/** The amounts that were committed under an id at one time. */
export type Committed = {
  readonly id: string
  readonly counted: readonly Listed[]
}

export type Listed = Part & Pick<Counted, 'item' | 'token'>

/**
 * How many of the newest commits each run of the reconciler reads, and how many
 * of the older ones, so that many new commits don't hide old ones for long.
 */
const maxRead = 1000

/**
 * Lists the amounts that an id counts through some entries. A committed entry
 * is listed before it is taken out of its item, so nothing is forgotten.
 */
export async function listCommitted(
  { store, clock }: Context,
  of: { id: string; row: Row; tokens: readonly string[] },
  settings: Settings,
): Promise<void> {
  const { id, row, tokens } = of
  const counted = row.counted.filter(({ token }) => tokens.includes(token))
  if (counted.length === 0) return
  const { parts } = encode(counted)
  const sk = `${toSortKey(clock.estimate())}#${sealOf(id, parts)}`
  await store.create({ pk, sk }, { id, parts }, settings)
}

/** How far writers' clocks may be ahead. */
const skewMs = 60_000

export type Read = {
  readonly committed: readonly Committed[]
  /** Items that don't match their keys: somebody rewrote them. */
  readonly rewritten: readonly Key[]
}

/**
 * Reads the list of commits. An unreadable item doesn't hide the others.
 *
 * @param since - In ms since 1970.
 */
export async function readCommitted(
  { store, clock, runtime, progress }: FullContext,
  since: number,
  settings: Settings,
): Promise<Read> {
  const from = toSortKey(since)
  const upTo = async (to: string) => {
    const range = { from, to, newest: maxRead }
    const { value } = await store.list(pk, settings, range)
    return value
  }
  const now = clock.estimate()
  const newest = await upTo(toSortKey(now + skewMs))
  const last = newest.at(-1)
  if (last === undefined || newest.length < maxRead) return decodeAll(newest)
  // Each run continues where the last one stopped; a new process starts
  // anywhere.
  const { below = '' } = progress
  const somewhere = toSortKey(since + runtime.random() * (now - since))
  const earlier = await upTo(below > from ? below : somewhere)
  const end = earlier.length < maxRead ? last : earlier.at(-1)
  progress.below = end?.key.sk
  return decodeAll([...newest, ...earlier])
}

function decodeAll(items: readonly { key: Key; item: Values }[]): Read {
  const committed: Committed[] = []
  const rewritten: Key[] = []
  for (const { key, item } of items) {
    const one = decode(key, item)
    if (one === undefined) rewritten.push(key)
    else committed.push(one)
  }
  return { committed, rewritten }
}

/** Pads times, because times with the same number of digits sort as texts. */
function toSortKey(time: number): string {
  return String(Math.floor(Math.max(time, 0))).padStart(13, '0')
}

function encode(counted: readonly Listed[]): { parts: string } {
  const parts = counted.map(({ item, token, window, bucket, amount }) => [
    ...[item, token, window, bucket],
    String(amount),
  ])
  return { parts: JSON.stringify(parts) }
}

type Raw = [
  ...[item: string, token: string, window: Part['window']],
  ...[bucket: number, amount: string],
]

function isRaw(value: unknown): value is Raw {
  if (!Array.isArray(value)) return false
  const [item, token, window, bucket, amount] = value
  return (
    [item, token, window, amount].every((one) => typeof one === 'string') &&
    Number.isSafeInteger(bucket) &&
    /^[0-9]+$/.test(amount)
  )
}

/** Undefined if this code did not write it. */
function decode({ sk }: Key, { id, parts }: Values): Committed | undefined {
  if (typeof id !== 'string' || typeof parts !== 'string') return undefined
  if (!isId(id)) return undefined
  if (!sk.endsWith(`#${sealOf(id, parts)}`)) return undefined
  try {
    const read: unknown = JSON.parse(parts)
    if (!Array.isArray(read) || !read.every(isRaw)) return undefined
    const counted = read.map(([item, token, window, bucket, amount]) => ({
      ...{ item, token, window, bucket },
      amount: BigInt(amount),
    }))
    return { id, counted }
  } catch {
    return undefined
  }
}
