import { type Context, insist } from './Context.js'
import * as Entry from './Entry.js'
import * as Row from './Row.js'
import { noteRelease, type Taken } from './released.js'
import { mergeCharges } from './reserve.js'
import { resolve } from './resolve.js'
import { kill, readRow, writeRow } from './rows.js'
import { absent, type Settings } from './Store.js'
import { settle } from './settle.js'
import { type Charge, itemOf, nameOf, smaller } from './Window.js'
import * as WindowItem from './WindowItem.js'

const ttlMs = 60_000

/**
 * Implements `Windows.release`. Entries in the items announce the release, the
 * row decides it, and then the sums change. So even if a process dies or pauses
 * in between, each sum is lowered once or not at all.
 */
export async function release(
  context: Context,
  id: string,
  keep: readonly Charge[],
  settings: Settings,
): Promise<void> {
  const { clock } = context
  await insist(context, id, async () => {
    const { row, rev } = await readRow(context, id, settings)
    const after = lower(row.counted, mergeCharges(keep))
    if (
      after.length === row.counted.length &&
      sumOf(after) === sumOf(row.counted)
    )
      return 'done'
    const taken = subtract(row.counted, after)
    const token = await noteRelease(context, { id, taken }, settings)
    const deadline = Math.floor(clock.estimate()) + ttlMs
    const entries = toEntries(taken, { token, deadline })
    for (const [item, entry] of entries)
      await announce(context, { item, id, entry }, settings)
    const gone = row.counted.filter(
      (one) => !after.some(({ token }) => token === one.token),
    )
    const changed = gone.reduce<Row.Row>(
      // Their entries are already settled; otherwise, the release could not
      // have been announced.
      (one, { token, deadline }) => Row.kill(one, token, deadline),
      { ...row, counted: after, released: [...row.released, token] },
    )
    const isDone = await writeRow(context, id, { row: changed, rev }, settings)
    const last = isDone
      ? changed
      : await kill(context, id, [...entries.values()], settings)
    for (const item of entries.keys())
      await settle(context, { item, id, token, row: last }, settings)
    return last.released.includes(token) ? 'done' : undefined
  })
}

/** The amounts that stay counted: the newest part of each window. */
function lower(
  counted: readonly Row.Counted[],
  keep: readonly Charge[],
): Row.Counted[] {
  const left = new Map(
    keep.map(({ window, scope, amount }) => [
      `${itemOf(window, scope)} ${nameOf(window)}`,
      amount,
    ]),
  )
  const newestFirst = [...counted].sort((a, b) => b.bucket - a.bucket)
  return newestFirst.flatMap((part) => {
    const key = `${part.item} ${part.window}`
    const rest = left.get(key) ?? 0n
    const amount = smaller(rest, part.amount)
    left.set(key, rest - amount)
    return amount > 0n ? [{ ...part, amount }] : []
  })
}

function sumOf(parts: readonly Row.Counted[]): bigint {
  return parts.reduce((sum, { amount }) => sum + amount, 0n)
}

/** The amounts that each bucket loses. */
function subtract(
  before: readonly Row.Counted[],
  after: readonly Row.Counted[],
): Taken[] {
  return before.flatMap(({ item, window, bucket, amount, token }) => {
    const kept = after.find(
      (one) =>
        one.item === item &&
        one.window === window &&
        one.bucket === bucket &&
        one.token === token,
    )
    const less = amount - (kept?.amount ?? 0n)
    return less === 0n ? [] : [{ item, window, bucket, amount: less }]
  })
}

/** The amounts that each item loses. */
function toEntries(
  taken: readonly Taken[],
  of: { token: string; deadline: number },
): Map<string, Entry.Entry> {
  const entries = new Map<string, Entry.Entry>()
  for (const { item, ...part } of taken) {
    const parts = entries.get(item)?.parts ?? []
    entries.set(item, { kind: '-', ...of, parts: [...parts, part] })
  }
  return entries
}

/**
 * Announces a release in an item. If the item is missing, there is nothing to
 * lower.
 */
function announce(
  context: Context,
  of: { item: string; id: string; entry: Entry.Entry },
  settings: Settings,
): Promise<'announced' | 'gone'> {
  const { item, id, entry } = of
  const key = WindowItem.keyOf(item)
  return insist(context, id, async () => {
    const set = [[['open', id], Entry.encode(entry)] as const]
    const when = [absent('open', id)]
    const done = await context.store.update(key, { set, when }, settings)
    if (done.value) return 'announced'
    const { value, at } = await context.store.get(key, settings)
    if (value === undefined) return 'gone'
    const found = WindowItem.read(item, value).open.get(id)?.entry
    if (found?.token === entry.token) return 'announced'
    if (found !== undefined)
      await resolve(context, { item, id, entry: found, at }, settings)
    return undefined
  })
}
