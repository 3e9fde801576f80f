import type { Context } from './Context.js'
import type * as Entry from './Entry.js'
import { readItem } from './readItem.js'
import type { Key, Settings, Values } from './Store.js'
import { sealOf } from './seal.js'

// Each release is recorded in its own item in addition to the row of its id,
// because a row alone doesn't explain a smaller sum. The release's token is a
// hash of its contents.

/** An amount that a release takes from one bucket of an item. */
export type Taken = Entry.Part & { readonly item: string }

const keyOf = (token: string): Key => ({
  pk: `release#${token}`,
  sk: 'release',
})

/**
 * Records the amounts that a release will take, before its row says that it is
 * done.
 *
 * @returns its token
 */
export async function noteRelease(
  { store, runtime }: Context,
  of: { id: string; taken: readonly Taken[] },
  settings: Settings,
): Promise<string> {
  const { id, taken } = of
  const attempt = runtime.uuid()
  const parts = JSON.stringify(
    taken.map(({ item, window, bucket, amount }) => [
      ...[item, window, bucket],
      String(amount),
    ]),
  )
  const token = tokenOf(id, attempt, parts)
  await store.create(keyOf(token), { id, attempt, parts }, settings)
  return token
}

/** The amounts that a release took; none if its record was changed. */
export async function readRelease(
  { store }: Context,
  of: { id: string; token: string },
  settings: Settings,
): Promise<Taken[]> {
  if (!/^[0-9a-f]{32}$/.test(of.token)) return []
  const read = await readItem(store, keyOf(of.token), settings)
  if (read === 'damaged' || read.value === undefined) return []
  return decode(of, read.value)
}

function tokenOf(id: string, attempt: string, parts: string): string {
  return sealOf(id, attempt, parts).slice(0, 32)
}

function decode(of: { id: string; token: string }, values: Values): Taken[] {
  const { id, attempt, parts } = values
  if (id !== of.id || typeof attempt !== 'string' || typeof parts !== 'string')
    return []
  if (tokenOf(id, attempt, parts) !== of.token) return []
  try {
    const read = JSON.parse(parts) as [string, string, number, string][]
    return read.map(([item, window, bucket, amount]) => ({
      ...{ item, window, bucket },
      amount: BigInt(amount),
    }))
  } catch {
    // Somebody else wrote the record, with the release's token.
    return []
  }
}
