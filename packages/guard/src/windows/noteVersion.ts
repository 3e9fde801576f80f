import { type Context, insist } from './Context.js'
import { GuardItemError } from './errors.js'
import { equal, type Key, type Settings } from './Store.js'

const key: Key = { pk: 'version', sk: 'version' }

/** As `Windows.noteVersion`. */
export function noteVersion(
  context: Context,
  version: string,
  settings: Settings,
): Promise<number> {
  const { store } = context
  return insist(context, 'version', async () => {
    const { value, at } = await store.get(key, settings)
    if (value !== undefined) {
      const { version: known, since } = value
      if (typeof known !== 'string' || typeof since !== 'bigint')
        throw new GuardItemError('pk=version sk=version', 'it is no version')
      if (known === version) return Number(since)
      const set = [
        [['version'], version],
        [['since'], BigInt(at)],
      ] as const
      await store.update(key, { set, when: [equal(['version'], known)] })
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
  const { value, at } = await store.get(key, settings)
  if (typeof value?.version !== 'string') return
  const set = [[['since'], BigInt(at)]] as const
  const when = [equal(['version'], value.version)]
  await store.update(key, { set, when }, settings)
}
