import { type Context, type FullContext, insist } from './Context.js'
import { GuardItemError, GuardRestoredError } from './errors.js'
import type { Halt } from './halt.js'
import { toText } from './isDamage.js'
import { readItem } from './readItem.js'
import { equal, type Key, type Settings } from './Store.js'

// A restore always creates a new table. A table that contains another table's
// name lacks the amounts spent since its backup.

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
  const refusal = refusalOf(known, name)
  if (refusal !== undefined) throw refusal
  if (known !== undefined) return
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
  const refusal = refusalOf(await readName(store, settings), table)
  return refusal && { reason: toText(refusal), since: 0 }
}

/**
 * The error if the table must not be used for counting; undefined if the name
 * matches.
 */
function refusalOf(
  known: string | undefined,
  name: string,
): GuardItemError | GuardRestoredError | undefined {
  if (known === undefined || known === name) return undefined
  return known === damaged
    ? new GuardItemError('pk=table sk=table', 'its attribute "name" is missing')
    : new GuardRestoredError(known, name)
}

/**
 * Writes this table's own name into it, so that it no longer counts as a copy.
 */
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

/** Undefined if nothing has been counted in the table yet. */
async function readName(
  store: Context['store'],
  settings: Settings,
): Promise<string | undefined> {
  const read = await readItem(store, key, settings)
  if (read === 'damaged') return damaged
  if (read.value === undefined) return undefined
  return typeof read.value.name === 'string' ? read.value.name : damaged
}
