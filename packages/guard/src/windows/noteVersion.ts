import { type Context, insist } from './Context.js'
import { GuardItemError } from './errors.js'
import { equal, type Key, type Settings } from './Store.js'

// Stacks that share a table have policies of their own: each has its version.

const pk = 'version'
/** Answers' clocks differ by less. */
const skewMs = 60_000

/** As `Windows.noteVersion`. */
export function noteVersion(
  context: Context,
  { of, version }: { of: string; version: string },
  settings: Settings,
): Promise<number> {
  const { store } = context
  const key: Key = { pk, sk: of }
  return insist(context, pk, async () => {
    const { value, at } = await store.get(key, settings)
    if (value !== undefined) {
      const { version: known, since } = value
      if (typeof known !== 'string' || typeof since !== 'bigint')
        throw new GuardItemError(`pk=${pk} sk=${of}`, 'it is not a version')
      // What is said to come later excuses nothing.
      if (known === version) return since > at + skewMs ? 0 : Number(since)
      const set = [
        [['version'], version],
        [['since'], BigInt(at)],
      ] as const
      const when = [equal(['version'], known)]
      await store.update(key, { set, when }, settings)
      return undefined
    }
    await store.create(key, { version, since: BigInt(at) }, settings)
    return undefined
  })
}

/** What was before is not reckoned with any more: an administrator accepts it. */
export async function startAgain(
  { store }: Context,
  settings: Settings,
): Promise<void> {
  const { value, at } = await store.list(pk, settings)
  for (const { key, item } of value) {
    if (typeof item.version !== 'string') continue
    const set = [[['since'], BigInt(at)]] as const
    const when = [equal(['version'], item.version)]
    await store.update(key, { set, when }, settings)
  }
}
