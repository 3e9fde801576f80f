import { oldestCounted } from './Buckets.js'
import type { Context } from './Context.js'
import { type Committed, type Listed, readCommitted } from './committed.js'
import { GuardItemError } from './errors.js'
import { halt } from './halt.js'
import { noteVersion } from './noteVersion.js'
import * as Row from './Row.js'
import { readRow } from './rows.js'
import type { Settings, Values } from './Store.js'
import { lengthOf, smaller } from './Window.js'
import * as WindowItem from './WindowItem.js'

/** No window is longer, including its extra bucket. */
const longestMs = 8 * 86_400_000
/** Number of concurrent reads. */
const width = 8

/** Implements `Windows.recount`. */
export async function recount(
  context: Context,
  settings: Settings,
): Promise<string[]> {
  // Amounts that an administrator has accepted are no longer compared.
  const by = { of: 'committed', version: '1' }
  const since = await noteVersion(context, by, settings)
  const from = Math.max(since, context.clock.estimate() - longestMs)
  // Listed amounts are already in their items.
  const due = toDue(await readCommitted(context, from, settings))
  if (due.length === 0) return []
  const suspected = findShort(await readItems(context, settings), due)
  if (suspected.length === 0) return []
  const places = new Set(suspected.map(({ place }) => place))
  const listed = due.filter((one) => places.has(placeOf(one)))
  const short = await confirm(context, listed, settings)
  if (short.length > 0) await halt(context, toReason(short), settings)
  return [...new Set(short.map(({ window }) => window))]
}

/**
 * Released amounts were committed, but are in no item any more. Rows that stay
 * unchanged while the items are read tell what the items must contain: no more
 * of the listed amounts than the rows say.
 */
async function confirm(
  context: Context,
  listed: readonly Due[],
  settings: Settings,
): Promise<Short[]> {
  const ids = [...new Set(listed.map(({ id }) => id))]
  const before = await readRows(context, ids, settings)
  const items = await readItems(context, settings)
  const after = await readRows(context, ids, settings)
  const due = listed.map((one) => {
    const { row, rev } = after.get(one.id)!
    // Rows are never deleted: a missing row was tampered with.
    if (rev === 0n) return one
    if (before.get(one.id)!.rev !== rev) return { ...one, amount: 0n }
    let amount = 0n
    for (const part of row.counted)
      if (placeOf(part) === placeOf(one)) amount += part.amount
    return { ...one, amount: smaller(amount, one.amount) }
  })
  return findShort(items, due)
}

async function readRows(
  context: Context,
  ids: readonly string[],
  settings: Settings,
) {
  const rows = new Map<string, Awaited<ReturnType<typeof readRow>>>()
  const left = ids.values()
  async function work() {
    for (const id of left) rows.set(id, await read(id))
  }
  // An unreadable row was tampered with, like a missing one.
  const read = (id: string) =>
    readRow(context, id, settings).catch((error: unknown) => {
      if (error instanceof GuardItemError) return { row: Row.none, rev: 0n }
      throw error
    })
  await Promise.all(Array.from({ length: width }, work))
  return rows
}

type Items = { at: number; items: ReadonlyMap<string, Values> }

async function readItems(
  { store }: Context,
  settings: Settings,
): Promise<Items> {
  const { value, at } = await store.list('windows', settings)
  return { at, items: new Map(value.map(({ key, item }) => [key.sk, item])) }
}

/** The amount that a bucket must contain for one id. */
type Due = Omit<Listed, 'token'> & { id: string }

/** A bucket of an item that counts less than is known. */
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
      // Listed by the process that committed it, and again by the one that
      // tidied up.
      const name = `${token} ${placeOf(part)}`
      // The larger counts; the rows tell what was released since.
      const more = part.amount - (seen.get(name) ?? 0n)
      if (more <= 0n) continue
      seen.set(name, part.amount)
      const key = `${id} ${placeOf(part)}`
      const amount = (due.get(key)?.amount ?? 0n) + more
      due.set(key, { id, ...part, amount })
    }
  return [...due.values()]
}

/** A damaged item counts nothing reliably. */
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

function placeOf({ item, window, bucket }: Omit<Due, 'id'>): string {
  return `${item} ${window} ${bucket}`
}

function toReason([first, ...others]: readonly Short[]): string {
  const { window, counted, known } = first!
  const more =
    others.length === 0
      ? ''
      : `, and ${others.length} more buckets count too little`
  return `a bucket of the window ${window} counts ${counted}, but ${known} was committed${more}`
}
