import { type Context, insist } from './Context.js'
import { GuardItemError } from './errors.js'
import { equal, type Key, type Settings, type Value } from './Store.js'

/** Why nothing can be reserved, and since when (ms since 1970). */
export type Halt = { readonly reason: string; readonly since: number }

/** The halt for future items: each checks here before its first reservation. */
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

/** Undefined if there is no halt. */
export async function readHalt(
  context: Context,
  settings: Settings,
): Promise<Halt | undefined> {
  const row = await readRow(context, settings)
  return row === undefined || row.halted === 0n
    ? undefined
    : { reason: row.reason, since: Number(row.since) }
}

/** Each halt has a number, so lifting one leaves the next in place. */
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
 * Lifts the current halts.
 *
 * @param by - Who lifts them, for the record.
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
      // An item that isn't ours is unreadable anyway, so there is nothing to
      // halt.
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
