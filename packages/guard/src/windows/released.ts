import type { Context } from './Context.js'
import type * as Entry from './Entry.js'
import { GuardItemError } from './errors.js'
import type { Key, Settings, Values } from './Store.js'
import { sealOf } from './seal.js'

// What each release takes back, beside the row that says that it is done: a row
// alone excuses no sum. A release's token is the seal of what it takes back.

/** What a release takes back from one item. */
export type Taken = Entry.Part & { readonly item: string }

const keyOf = (token: string): Key => ({
  pk: `release#${token}`,
  sk: 'release',
})

/**
 * Writes down what a release is going to take back: before its row says so.
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

/** What a release took back; nothing where that is not written as it was. */
export async function readRelease(
  { store }: Context,
  of: { id: string; token: string },
  settings: Settings,
): Promise<Taken[]> {
  try {
    const { value } = await store.get(keyOf(of.token), settings)
    return value === undefined ? [] : decode(of, value)
  } catch (error) {
    if (error instanceof GuardItemError) return []
    throw error
  }
}

function tokenOf(id: string, attempt: string, parts: string): string {
  return sealOf(id, attempt, parts).slice(0, 32)
}

function decode(of: { id: string; token: string }, values: Values): Taken[] {
  const { id, attempt, parts } = values
  if (id !== of.id || typeof attempt !== 'string' || typeof parts !== 'string')
    return []
  if (tokenOf(id, attempt, parts) !== of.token) return []
  // What fits its token was written above.
  const read = JSON.parse(parts) as [string, string, number, string][]
  return read.map(([item, window, bucket, amount]) => ({
    ...{ item, window, bucket },
    amount: BigInt(amount),
  }))
}
