import { type Context, insist } from './Context.js'
import { GuardItemError, GuardRestoredError } from './errors.js'
import type { Halt } from './halt.js'
import { equal, type Key, type Settings } from './Store.js'

// A restore always creates a new table. A table that contains another's name
// has forgotten what was spent since its backup.

const key: Key = { pk: 'table', sk: 'table' }

/** Writes the table's name into a new table. @throws GuardRestoredError */
export async function assertOwn(
  context: Context,
  settings: Settings,
): Promise<void> {
  const { store } = context
  const name = store.table
  if (name === undefined) return
  const known = await readName(store, settings)
  if (known === name) return
  if (known !== undefined) throw new GuardRestoredError(known, name)
  const { value: isFirst } = await store.create(key, { name }, settings)
  if (!isFirst) await assertOwn(context, settings)
}

/** The halt for a table that is a copy of another one. Writes nothing. */
export async function readCopy(
  { store }: Context,
  settings: Settings,
): Promise<Halt | undefined> {
  const { table } = store
  if (table === undefined) return undefined
  const known = await readName(store, settings)
  if (known === undefined || known === table) return undefined
  const { shortMessage } = new GuardRestoredError(known, table)
  return { reason: shortMessage.replace(/\.$/, ''), since: 0 }
}

/** From now on this table has its own name. */
export async function adopt(
  context: Context,
  settings: Settings,
): Promise<void> {
  const { store } = context
  const name = store.table
  if (name === undefined) return
  await insist(context, 'table', async () => {
    const known = await readName(store, settings)
    if (known === undefined || known === name) return true
    const { value } = await store.update(
      key,
      { set: [[['name'], name]], when: [equal(['name'], known)] },
      settings,
    )
    return value || undefined
  })
}

async function readName(
  store: Context['store'],
  settings: Settings,
): Promise<string | undefined> {
  const { value } = await store.get(key, settings)
  if (value === undefined) return undefined
  if (typeof value.name === 'string') return value.name
  throw new GuardItemError('pk=table sk=table', 'it has no name')
}
