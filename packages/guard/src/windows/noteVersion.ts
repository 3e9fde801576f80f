import { type Context, insist } from './Context.js'
import { GuardItemError } from './errors.js'
import { equal, type Key, type Settings, type Store } from './Store.js'

// Stacks that share a table have policies of their own: each has its version.

const pk = 'version'
/** Answers' clocks differ by less. */
const skewMs = 60_000

/** As `Windows.noteVersion`. What nobody can read excuses nothing. */
export function noteVersion(
  context: Context,
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
    // What is said to come later excuses nothing.
    if (known === version) return since > at + skewMs ? 0 : Number(since)
    const set = [
      [['version'], version],
      [['since'], BigInt(at)],
    ] as const
    const when = [equal(['version'], known)]
    await store.update(key, { set, when }, settings)
    return undefined
  })
}

/** Damage is tampering, and must not keep anybody from finding the rest. */
async function readItem(store: Store, key: Key, settings: Settings) {
  try {
    return await store.get(key, settings)
  } catch (error) {
    if (error instanceof GuardItemError) return 'damaged'
    throw error
  }
}

/** What was before is not reckoned with any more: an administrator accepts it. */
export async function startAgain(
  { store }: Context,
  settings: Settings,
): Promise<void> {
  const { value, at } = await store.list(pk, settings)
  for (const { key, item } of value) {
    const { version, since } = item
    const isSound = typeof version === 'string' && typeof since === 'bigint'
    // What is damaged is written anew, for some version that nobody has.
    const set = [
      [['since'], BigInt(at)],
      ...(isSound ? [] : [[['version'], ''] as const]),
    ] as const
    const when = isSound ? [equal(['version'], version)] : []
    await store.update(key, { set, when }, settings)
  }
}
