import { numberAt, oldestCounted } from './Buckets.js'
import type { Context, FullContext } from './Context.js'
import { GuardItemError } from './errors.js'
import { halt } from './halt.js'
import * as Row from './Row.js'
import { readRow } from './rows.js'
import type { Settings, Values } from './Store.js'
import { itemOf, nameOf } from './Window.js'
import * as WindowItem from './WindowItem.js'
import type { Known, Shortfall, Windows } from './Windows.js'

/** Implements `Windows.compare`. */
export async function compare(
  context: FullContext,
  readKnown: Parameters<Windows['compare']>[0],
  settings: Settings,
): Promise<Shortfall[]> {
  // A table may have hundreds of thousands of items. Only items with known
  // amounts are read, and the known amounts are read again afterwards.
  const names = choose(context, await readKnown())
  if (names.size === 0) return []
  const read = await readItems(context, names, settings)
  const known = (await readKnown()).filter(
    ({ window, scope, at, latest = at }) =>
      // Later reservations may be missing from the items that were read.
      latest < read.at && names.has(itemOf(window, scope)),
  )
  const suspected = findShortfalls(read, known, () => undefined)
  if (suspected.length === 0) return []
  // An amount may have been counted long before it was signed. Rows are read
  // first, so that amounts added to them in the meantime are in the items.
  const rows = await readRows(context, known, settings)
  const shortfalls = findShortfalls(
    await readItems(context, names, settings),
    known,
    ({ id }) => rows.get(id ?? ''),
  )
  if (shortfalls.length > 0) await halt(context, toReason(shortfalls), settings)
  return shortfalls
}

type Items = { at: number; items: ReadonlyMap<string, Values> }

/** Maximum items per run. If there are more, each run picks different ones. */
const maxItems = 1000
/** Number of concurrent reads. */
const width = 8

/** The items with known amounts, or as many of them as a run may read. */
function choose(
  { runtime }: Context,
  known: readonly Known[],
): ReadonlySet<string> {
  const names = [
    ...new Set(known.map(({ window, scope }) => itemOf(window, scope))),
  ]
  if (names.length <= maxItems) return new Set(names)
  const from = Math.floor(runtime.random() * names.length)
  return new Set([...names.slice(from), ...names].slice(0, maxItems))
}

async function readItems(
  { store, clock }: Context,
  names: ReadonlySet<string>,
  settings: Settings,
): Promise<Items> {
  const items = new Map<string, Values>()
  let first = Number.POSITIVE_INFINITY
  const left = names.values()
  async function work() {
    for (const name of left) {
      const key = WindowItem.keyOf(name)
      try {
        const { value, at } = await store.get(key, settings)
        if (value !== undefined) items.set(name, value)
        first = Math.min(first, at)
      } catch (error) {
        // The counts of a damaged item are unreliable.
        if (!(error instanceof GuardItemError)) throw error
        first = Math.min(first, clock.estimate())
      }
    }
  }
  await Promise.all(Array.from({ length: width }, work))
  return { at: first, items }
}

async function readRows(
  context: Context,
  known: readonly Known[],
  settings: Settings,
): Promise<Map<string, Row.Row>> {
  const rows = new Map<string, Row.Row>()
  for (const { id } of known) {
    if (id === undefined || rows.has(id)) continue
    try {
      const { row } = await readRow(context, id, settings)
      rows.set(id, row)
    } catch (error) {
      // An unreadable row was tampered with, and doesn't explain a smaller sum.
      if (!(error instanceof GuardItemError)) throw error
    }
  }
  return rows
}

/** @param rowOf - The row of its id, if it was read. */
function findShortfalls(
  { at: now, items }: Items,
  known: readonly Known[],
  rowOf: (known: Known) => Row.Row | undefined,
): Shortfall[] {
  const sums = new Map<string, Shortfall>()
  for (const one of known) {
    const { window, scope, at } = one
    const item = itemOf(window, scope)
    const counted = readSums(item, items.get(item), one)
    const newest = WindowItem.newestOf(window.length, now, counted)
    const oldest = oldestCounted(window.length, newest)
    if (numberAt(window.length, at) < oldest) continue
    const amount = dueOf(one, rowOf(one), oldest)
    const key = `${item} ${nameOf(window)}`
    const before = sums.get(key)?.known ?? 0n
    sums.set(key, {
      ...{ window, scope, known: before + amount, counted: counted?.sum ?? 0n },
    })
  }
  return [...sums.values()].filter(({ known, counted }) => counted < known)
}

/**
 * The amount that the counted buckets must contain. If an id counted the whole
 * amount, some of it in expired buckets, only the rest is due. If the id
 * counted less, or nothing, its row was tampered with.
 */
function dueOf(
  { window, scope, amount }: Known,
  row: Row.Row | undefined,
  oldest: number,
): bigint {
  if (row === undefined) return amount
  const item = itemOf(window, scope)
  const name = nameOf(window)
  if (Row.amountOf(row, item, name) < amount) return amount
  const counted = row.counted.filter(({ bucket }) => bucket >= oldest)
  const left = Row.amountOf({ ...row, counted }, item, name)
  return left < amount ? left : amount
}

function readSums(
  item: string,
  values: Values | undefined,
  { window }: Known,
): WindowItem.Sums | undefined {
  if (values === undefined) return undefined
  try {
    return WindowItem.read(item, values).windows.get(nameOf(window))
  } catch (error) {
    // The counts of a damaged item are unreliable.
    if (error instanceof GuardItemError) return undefined
    throw error
  }
}

function toReason(shortfalls: readonly Shortfall[]): string {
  const [first] = shortfalls
  const { window, counted, known } = first!
  const others = shortfalls.length - 1
  const more =
    others === 0
      ? ''
      : `, and ${others} more ${others === 1 ? 'counter is' : 'counters are'} too low`
  return `the counter of the window "${window.id}" is ${counted}, but ${known} has already been spent${more}`
}
