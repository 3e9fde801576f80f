import { type Context, type FullContext, insist } from './Context.js'
import { GuardItemError, GuardRestoredError } from './errors.js'
import type { Halt } from './halt.js'
import { equal, type Key, type Settings } from './Store.js'

// A restore always creates a new table. A table that contains another's name
// has forgotten what was spent since its backup.

const key: Key = { pk: 'table', sk: 'table' }

/**
 * Writes the table's name into a new table.
 *
 * @throws GuardRestoredError, GuardItemError
 */
export async function assertOwn(
  context: Context,
  settings: Settings,
): Promise<void> {
  const { store } = context
  const name = store.table
  if (name === undefined) return
  const known = await readName(store, settings)
  if (known !== undefined) return refuse(known, name)
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
  try {
    refuse(known ?? table, table)
    return undefined
  } catch (error) {
    const { shortMessage } = error as GuardRestoredError
    return { reason: shortMessage.replace(/\.$/, ''), since: 0 }
  }
}

function refuse(known: string, name: string): void {
  if (known === damaged)
    throw new GuardItemError('pk=table sk=table', 'it has no name')
  if (known !== name) throw new GuardRestoredError(known, name)
}

/** From now on this table has its own name. */
export async function adopt(
  context: FullContext,
  settings: Settings,
): Promise<void> {
  const { store } = context
  const name = store.table
  if (name === undefined) return
  await insist(context, 'table', async () => {
    const known = await readName(store, settings)
    if (known === undefined || known === name) return true
    const when = known === damaged ? [] : [equal(['name'], known)]
    const { value } = await store.replace(key, { name }, when, settings)
    return value || undefined
  })
}

/** No table has this name. */
const damaged = ''

/** Undefined where nobody has counted yet. */
async function readName(
  store: Context['store'],
  settings: Settings,
): Promise<string | undefined> {
  try {
    const { value } = await store.get(key, settings)
    if (value === undefined) return undefined
    return typeof value.name === 'string' ? value.name : damaged
  } catch (error) {
    if (error instanceof GuardItemError) return damaged
    throw error
  }
}
