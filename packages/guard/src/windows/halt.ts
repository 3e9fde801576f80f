import { type Context, type FullContext, insist } from './Context.js'
import { isDamage } from './isDamage.js'
import { readItem } from './readItem.js'
import { equal, type Key, type Settings, type Value } from './Store.js'
import * as WindowItem from './WindowItem.js'

/**
 * The reason why nothing can be reserved, and the time since then (ms since
 * 1970).
 */
export type Halt = { readonly reason: string; readonly since: number }

/**
 * The halt for future items: each item is checked against it before its first
 * reservation.
 */
const key: Key = { pk: 'halt', sk: 'halt' }

type Row = { halted: bigint; count: bigint; reason: string; since: bigint }

async function readRow(
  { store }: Context,
  settings: Settings,
): Promise<Row | 'damaged' | undefined> {
  const read = await readItem(store, key, settings)
  if (read === 'damaged') return read
  if (read.value === undefined) return undefined
  const { halted, count, reason, since } = read.value
  return isNumber(halted) &&
    isNumber(count) &&
    typeof since === 'bigint' &&
    typeof reason === 'string'
    ? { halted, count, reason, since }
    : 'damaged'
}

/**
 * More halts than there will ever be, but still a number that DynamoDB can
 * increment.
 */
const maxNumber = 10n ** 15n

function isNumber(value: Value | undefined): value is bigint {
  return typeof value === 'bigint' && value >= 0n && value <= maxNumber
}

const damagedHalt = 'the item that records the halt is damaged'

/** Undefined if there is no halt. */
export async function readHalt(
  context: Context,
  settings: Settings,
): Promise<Halt | undefined> {
  const row = await readRow(context, settings)
  if (row === 'damaged') return { reason: damagedHalt, since: 0 }
  return row === undefined || row.halted === 0n
    ? undefined
    : { reason: row.reason, since: Number(row.since) }
}

/** The reason to halt if the item that halts is damaged. */
export async function findDamage(
  context: Context,
  settings: Settings,
): Promise<string | undefined> {
  const row = await readRow(context, settings)
  return row === 'damaged' ? damagedHalt : undefined
}

/**
 * Like `readRow`, but replaces a damaged row with a halt. Its number is higher
 * than those of the items, so that the next halt can follow and be lifted.
 */
async function repairRow(
  context: FullContext,
  settings: Settings,
): Promise<Row | undefined> {
  const { store, clock } = context
  return insist(context, 'halt', async () => {
    const row = await readRow(context, settings)
    if (row !== 'damaged') return { row }
    const { value: items } = await store.list('windows', settings)
    let count = 1n
    for (const { halted } of items.map(({ item }) => item))
      if (isNumber(halted) && halted >= count) count = halted + 1n
    const since = BigInt(Math.floor(clock.estimate()))
    const written = { halted: count, count, reason: damagedHalt, since }
    await store.replace(key, written, [], settings)
    return undefined
  }).then(({ row }) => row)
}

/** Each halt has a number, so lifting one halt leaves the next in place. */
export async function halt(
  context: FullContext,
  reason: string,
  settings: Settings,
): Promise<void> {
  const { store, clock } = context
  const number = await insist(context, 'halt', async () => {
    const before = await repairRow(context, settings)
    const count = (before?.count ?? 0n) + 1n
    const since = BigInt(Math.floor(clock.estimate()))
    const row = { halted: count, count, reason: toStored(reason), since }
    const { value } =
      before === undefined
        ? await store.create(key, row, settings)
        : await store.replace(
            key,
            row,
            [equal(['count'], before.count)],
            settings,
          )
    return value ? count : undefined
  })
  const raise = (before: bigint | undefined) => {
    if (before === undefined || before < number) return number
    return before
  }
  await setHalted(context, async () => raise, settings)
}

/**
 * Lifts the current halts.
 *
 * @param by - Who lifts them, for the record.
 */
export async function unhalt(
  context: FullContext,
  by: string,
  settings: Settings,
): Promise<void> {
  const { store, clock } = context
  const row = await repairRow(context, settings)
  // All halts up to this number are lifted, including those that an earlier
  // lift could not remove because somebody had changed the item.
  const known = row?.count ?? 0n
  const lower = async () => {
    // The count is read after the items. A halt is written to its row first, so
    // an item with a higher number was tampered with, and no later lift would
    // match it.
    const count = (await repairRow(context, settings))?.count ?? 0n
    return (before: bigint | undefined) =>
      before !== undefined &&
      (before < WindowItem.unborn ||
        (before > 0n && (before <= known || before > count)))
        ? 0n
        : before
  }
  await setHalted(context, lower, settings)
  if (row === undefined || row.halted === 0n) return
  const lifted = {
    ...{ ...row, halted: 0n, liftedBy: by },
    reason: toStored(row.reason),
    liftedAt: BigInt(Math.floor(clock.estimate())),
  }
  await store.replace(key, lifted, [equal(['count'], row.count)], settings)
}

/**
 * Makes a reason storable: it may quote names from the table that DynamoDB does
 * not accept.
 */
function toStored(reason: string): string {
  return reason.slice(0, 1000).replace(/\p{Surrogate}/gu, '?')
}

/**
 * Changes the number in all items, even if one of them can't be changed.
 *
 * @param readChange - Called after the items were read. Its argument is
 * undefined if the item's number is unreadable, which a blind reservation would
 * not notice.
 */
async function setHalted(
  context: FullContext,
  readChange: () => Promise<(before: bigint | undefined) => bigint | undefined>,
  settings: Settings,
): Promise<void> {
  const { store } = context
  const failures = await insist(context, 'halt', async () => {
    const { value: items } = await store.list('windows', settings)
    const change = await readChange()
    const failures: unknown[] = []
    let isDone = true
    for (const { key, item } of items) {
      const before = typeof item.halted === 'bigint' ? item.halted : undefined
      const after = change(before)
      if (after === undefined || after === before) continue
      const set = [[['halted'], after]] as const
      const when = before === undefined ? [] : [equal(['halted'], before)]
      try {
        const { value } = await store.update(key, { set, when }, settings)
        isDone &&= value
      } catch (error) {
        if (!isDamage(error)) throw error
        failures.push(error)
      }
    }
    return isDone ? failures : undefined
  })
  if (failures.length > 0) throw failures[0]
}
