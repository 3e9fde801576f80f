import { type Context, insist } from './Context.js'
import { GuardItemError } from './errors.js'
import { equal, type Key, type Settings, type Value } from './Store.js'

/** Why nothing is reserved, and since when (ms since 1970). */
export type Halt = { readonly reason: string; readonly since: number }

/**
 * It says it for items that are still to come: each looks here before its
 * first reservation.
 */
const key: Key = { pk: 'halt', sk: 'halt' }

type Row = { halted: bigint; count: bigint; reason: string; since: bigint }

async function readRow(
  { store }: Context,
  settings: Settings,
): Promise<Row | undefined> {
  const { value } = await store.get(key, settings)
  if (value === undefined) return undefined
  const { halted, count, reason, since } = value
  if (
    typeof halted === 'bigint' &&
    typeof count === 'bigint' &&
    typeof since === 'bigint' &&
    typeof reason === 'string'
  )
    return { halted, count, reason, since }
  throw new GuardItemError('pk=halt sk=halt', 'it is not a halt')
}

/** Undefined when nothing is halted. */
export async function readHalt(
  context: Context,
  settings: Settings,
): Promise<Halt | undefined> {
  const row = await readRow(context, settings)
  return row === undefined || row.halted === 0n
    ? undefined
    : { reason: row.reason, since: Number(row.since) }
}

/** Each halt has a number, so that lifting one leaves the next in place. */
export async function halt(
  context: Context,
  reason: string,
  settings: Settings,
): Promise<void> {
  const { store, clock } = context
  const number = await insist(context, 'halt', async () => {
    const before = await readRow(context, settings)
    const count = (before?.count ?? 0n) + 1n
    const since = BigInt(Math.floor(clock.estimate()))
    const row = { halted: count, count, reason, since }
    const { value } =
      before === undefined
        ? await store.create(key, row, settings)
        : await store.update(
            key,
            { set: toSet(row), when: [equal(['count'], before.count)] },
            settings,
          )
    return value ? count : undefined
  })
  const raise = (before: bigint) => {
    if (before < number) return number
    return before
  }
  await setHalted(context, raise, settings)
}

/**
 * Lifts the halts that there are now.
 *
 * @param by - Who, for the record.
 */
export async function unhalt(
  context: Context,
  by: string,
  settings: Settings,
): Promise<void> {
  const { store, clock } = context
  const row = await readRow(context, settings)
  if (row === undefined || row.halted === 0n) return
  await setHalted(
    context,
    (before) => (before > 0n && before <= row.halted ? 0n : before),
    settings,
  )
  const lifted = { halted: 0n, liftedBy: by }
  const liftedAt = BigInt(Math.floor(clock.estimate()))
  await store.update(
    key,
    {
      set: toSet({ ...lifted, liftedAt }),
      when: [equal(['count'], row.count)],
    },
    settings,
  )
}

async function setHalted(
  context: Context,
  change: (before: bigint) => bigint,
  settings: Settings,
): Promise<void> {
  const { store } = context
  await insist(context, 'halt', async () => {
    const { value: items } = await store.list('windows', settings)
    let isDone = true
    for (const { key, item } of items) {
      const { halted: before } = item
      // Of an item that isn't ours nothing is left to halt: it can't be read.
      if (typeof before !== 'bigint') continue
      const after = change(before)
      if (after === before) continue
      const set = toSet({ halted: after })
      const when = [equal(['halted'], before)]
      const { value } = await store.update(key, { set, when }, settings)
      isDone &&= value
    }
    return isDone || undefined
  })
}

function toSet(values: Record<string, Value>): [string[], Value][] {
  return Object.entries(values).map(([name, value]) => [[name], value])
}
