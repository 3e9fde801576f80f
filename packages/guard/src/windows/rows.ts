import { type Context, insist } from './Context.js'
import type { Entry } from './Entry.js'
import * as Row from './Row.js'
import { equal, type Settings, type Values } from './Store.js'

export async function readRow(
  { store }: Context,
  id: string,
  settings: Settings,
) {
  const { value } = await store.get(Row.keyOf(id), settings)
  return value === undefined
    ? { row: Row.none, rev: 0n }
    : Row.decode(id, value)
}

/** Whether the row was written; false if somebody has written it since. */
export async function writeRow(
  { store }: Context,
  id: string,
  { row, rev, more = {} }: { row: Row.Row; rev: bigint; more?: Values },
  settings: Settings,
): Promise<boolean> {
  const key = Row.keyOf(id)
  const values = { ...more, ...Row.encode(row, rev + 1n) }
  const { value } =
    rev === 0n
      ? await store.create(key, values, settings)
      : await store.update(
          key,
          {
            set: Object.entries(values).map(([name, one]) => [[name], one]),
            when: [equal(['rev'], rev)],
          },
          settings,
        )
  return value
}

/** Changes an id's state; `change` is called again if others write. */
export function amend(
  context: Context,
  id: string,
  change: (row: Row.Row) => Row.Row,
  settings: Settings,
  more?: Values,
): Promise<Row.Row> {
  return insist(context, id, async () => {
    const { row, rev } = await readRow(context, id, settings)
    const changed = change(row)
    if (changed === row) return row
    const written = { row: changed, rev, ...(more && { more }) }
    return (await writeRow(context, id, written, settings))
      ? changed
      : undefined
  })
}

/** Whether the row already decides what happens to an entry. */
export function isDecided(row: Row.Row, { token, deadline }: Entry): boolean {
  return isDone(row, token) || Row.isDead(row, token, deadline)
}

function isDone(row: Row.Row, token: string): boolean {
  return (
    row.released.includes(token) ||
    row.counted.some((one) => one.token === token)
  )
}

/** Afterwards, none of these entries can be committed unless it already was. */
export function kill(
  context: Context,
  id: string,
  entries: readonly Entry[],
  settings: Settings,
): Promise<Row.Row> {
  const change = (row: Row.Row) =>
    entries
      .filter(({ token }) => !isDone(row, token))
      .reduce((one, { token, deadline }) => Row.kill(one, token, deadline), row)
  return amend(context, id, change, settings)
}
