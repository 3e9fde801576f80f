import { mapLimited } from '@keyward/core/rpc'
import { oldestCounted } from './Buckets.js'
import type { Context, FullContext } from './Context.js'
import { type Committed, type Listed, readCommitted } from './committed.js'
import { GuardItemError } from './errors.js'
import { findDamage, halt } from './halt.js'
import { isDamage, toText } from './isDamage.js'
import { noteVersion } from './noteVersion.js'
import { readRelease } from './released.js'
import { readRow } from './rows.js'
import type { Key, Settings, Values } from './Store.js'
import { lengthOf } from './Window.js'
import * as WindowItem from './WindowItem.js'

/** No window is longer, including its extra bucket. */
const longestMs = 8 * 86_400_000
/** Number of concurrent reads. */
const width = 8

/**
 * Implements `Windows.recount`. Items that prevent the recount also cause a
 * halt; otherwise, they would hide missing amounts.
 */
export async function recount(
  context: FullContext,
  settings: Settings,
): Promise<string[]> {
  const { short, reason } = await find(context, settings).catch((error) => {
    if (!isDamage(error)) throw error
    return {
      short: [],
      reason: `the committed amounts could not be recounted (${toText(error)})`,
    }
  })
  if (reason !== undefined) await halt(context, reason, settings)
  return [...new Set(short.map(({ window }) => window))]
}

type Found = {
  readonly short: readonly Short[]
  /** The reason to halt; undefined if nothing is wrong. */
  readonly reason: string | undefined
}

async function find(context: FullContext, settings: Settings): Promise<Found> {
  // Amounts that an administrator has accepted are no longer compared.
  const by = { of: 'committed', version: '1' }
  const since = await noteVersion(context, by, settings)
  const from = Math.max(since, context.clock.estimate() - longestMs)
  // Amounts that are listed are already in their items.
  const { committed, rewritten } = await readCommitted(context, from, settings)
  const short = await findAllShort(context, toDue(committed), settings)
  const reason =
    toReason(short, rewritten) ?? (await findDamage(context, settings))
  return { short, reason }
}

async function findAllShort(
  context: FullContext,
  due: readonly Due[],
  settings: Settings,
): Promise<Short[]> {
  if (due.length === 0) return []
  const suspected = findShort(await readItems(context, settings), due)
  if (suspected.length === 0) return []
  const places = new Set(suspected.map(({ place }) => place))
  const listed = due.filter((one) => places.has(placeOf(one)))
  return confirm(context, listed, settings)
}

/**
 * The items must contain the amounts that are listed and were not released.
 * Nothing else in a row explains a smaller sum. A release is recorded before it
 * lowers a sum, so releases are read after the items.
 */
async function confirm(
  context: FullContext,
  listed: readonly Due[],
  settings: Settings,
): Promise<Short[]> {
  const items = await readItems(context, settings)
  const ids = [...new Set(listed.map(({ id }) => id))]
  const released = await readReleased(context, ids, settings)
  const due = listed.map((one) => {
    const less = released.get(`${one.id} ${placeOf(one)}`) ?? 0n
    return { ...one, amount: less < one.amount ? one.amount - less : 0n }
  })
  return findShort(items, due)
}

/** The released amounts, by id and place. */
async function readReleased(
  context: Context,
  ids: readonly string[],
  settings: Settings,
): Promise<ReadonlyMap<string, bigint>> {
  const released = new Map<string, bigint>()
  await mapLimited(ids, width, async (id) => {
    for (const token of await readTokens(context, id, settings))
      for (const one of await readRelease(context, { id, token }, settings)) {
        const key = `${id} ${placeOf(one)}`
        released.set(key, (released.get(key) ?? 0n) + one.amount)
      }
  })
  return released
}

/** One id never has more releases than this. */
const maxReleases = 20

/** The tokens of the latest completed releases. */
async function readTokens(
  context: Context,
  id: string,
  settings: Settings,
): Promise<ReadonlySet<string>> {
  try {
    const { row } = await readRow(context, id, settings)
    return new Set(row.released.slice(-maxReleases))
  } catch (error) {
    // An unreadable row was tampered with, and doesn't explain a smaller sum.
    if (error instanceof GuardItemError) return new Set()
    throw error
  }
}

type Items = { at: number; items: ReadonlyMap<string, Values> }

async function readItems(
  { store }: FullContext,
  settings: Settings,
): Promise<Items> {
  const { value, at } = await store.list('windows', settings)
  return { at, items: new Map(value.map(({ key, item }) => [key.sk, item])) }
}

/** The amount that a bucket must contain for one id. */
type Due = Omit<Listed, 'token'> & { id: string }

/** A bucket of an item that counts less than the known amount. */
type Short = {
  place: string
  /** Id of the window. */
  window: string
  counted: bigint
  known: bigint
}

function findShort({ at, items }: Items, due: readonly Due[]): Short[] {
  const places = new Map<string, Short>()
  for (const one of due) {
    const { item, window, bucket, amount } = one
    const length = lengthOf(window)
    if (length === undefined) continue
    const sums = readSums(item, items.get(item), window)
    if (bucket < oldestCounted(length, WindowItem.newestOf(length, at, sums)))
      continue
    const place = placeOf(one)
    const known = (places.get(place)?.known ?? 0n) + amount
    const counted = sums?.buckets.get(bucket) ?? 0n
    const id = window.slice(0, window.lastIndexOf('/'))
    places.set(place, { place, window: id, counted, known })
  }
  return [...places.values()].filter(({ counted, known }) => counted < known)
}

/** The amount of each id in each bucket. */
function toDue(committed: readonly Committed[]): Due[] {
  const due = new Map<string, Due>()
  const seen = new Map<string, bigint>()
  for (const { id, counted } of committed)
    for (const { token, ...part } of counted) {
      // An amount may be listed twice: by the process that committed it, and by
      // the one that tidied up.
      const name = `${token} ${placeOf(part)}`
      // The larger amount counts; the rows show what was released since.
      const more = part.amount - (seen.get(name) ?? 0n)
      if (more <= 0n) continue
      seen.set(name, part.amount)
      const key = `${id} ${placeOf(part)}`
      const amount = (due.get(key)?.amount ?? 0n) + more
      due.set(key, { id, ...part, amount })
    }
  return [...due.values()]
}

/** The sums of a damaged item are unreliable. */
function readSums(
  item: string,
  values: Values | undefined,
  window: string,
): WindowItem.Sums | undefined {
  if (values === undefined) return undefined
  try {
    return WindowItem.read(item, values).windows.get(window)
  } catch (error) {
    if (error instanceof GuardItemError) return undefined
    throw error
  }
}

function placeOf({
  item,
  window,
  bucket,
}: Pick<Listed, 'item' | 'window' | 'bucket'>): string {
  return `${item} ${window} ${bucket}`
}

/** Undefined if nothing is wrong. */
function toReason(
  [first, ...others]: readonly Short[],
  [rewritten]: readonly Key[],
): string | undefined {
  if (first !== undefined) {
    const { window, counted, known } = first
    const more =
      others.length === 0
        ? ''
        : `, and ${others.length} more ${others.length === 1 ? 'bucket is' : 'buckets are'} too low`
    return `a bucket in window "${window}" records a total of ${counted}, but ${known} has been committed to it${more}`
  }
  return rewritten === undefined
    ? undefined
    : `an item in the list of committed amounts was rewritten (pk=${rewritten.pk} sk=${rewritten.sk.slice(0, 100)})`
}
