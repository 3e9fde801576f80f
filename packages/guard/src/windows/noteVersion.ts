import { type FullContext, insist } from './Context.js'
import { readItem } from './readItem.js'
import { equal, type Key, type Settings } from './Store.js'

// Stacks that share a table have their own policies, each with its version.

const pk = 'version'
/** Maximum difference between the clocks of answers. */
const skewMs = 60_000

/**
 * Implements `Windows.noteVersion`. If the item is unreadable, everything is
 * compared.
 */
export function noteVersion(
  context: FullContext,
  { of, version }: { of: string; version: string },
  settings: Settings,
): Promise<number> {
  const { store } = context
  const key: Key = { pk, sk: of }
  return insist(context, pk, async () => {
    const read = await readItem(store, key, settings)
    if (read === 'damaged') return 0
    const { value, at } = read
    if (value === undefined) {
      await store.create(key, { version, since: BigInt(at) }, settings)
      return undefined
    }
    const { version: known, since } = value
    if (typeof known !== 'string' || typeof since !== 'bigint') return 0
    // A time in the future doesn't count.
    if (known === version) return since > at + skewMs ? 0 : Number(since)
    const when = [equal(['version'], known)]
    await store.replace(key, { version, since: BigInt(at) }, when, settings)
    return undefined
  })
}

/**
 * From now on, earlier amounts are no longer compared, because an administrator
 * accepts them.
 */
export async function startAgain(
  { store }: FullContext,
  settings: Settings,
): Promise<void> {
  const { value, at } = await store.list(pk, settings)
  for (const { key, item } of value) {
    const { version: known, since } = item
    const isSound =
      typeof known === 'string' &&
      known.length <= maxLength &&
      typeof since === 'bigint'
    // A damaged item gets a version that nobody has.
    const version = isSound ? known : ''
    await store.replace(key, { version, since: BigInt(at) }, [], settings)
  }
}

/** Longer than any version. */
const maxLength = 1000
