import { numberAt } from './Buckets.js'
import type { FullContext } from './Context.js'
import { GuardItemError } from './errors.js'
import { isDamage, toText } from './isDamage.js'
import { resolve } from './resolve.js'
import { rollAll } from './rollWindow.js'
import type { Settings, Values } from './Store.js'
import * as WindowItem from './WindowItem.js'
import type { Windows } from './Windows.js'

/** Number of items to process concurrently. */
const width = 8

/** Implements `Windows.recover`. */
export async function recover(
  context: FullContext,
  settings: Settings = {},
): ReturnType<Windows['recover']> {
  const { value: items, at } = await context.store.list('windows', settings)
  const damaged: string[] = []
  const left = items.values()
  let recovered = 0
  /** Damage is reported, and does not stop the rest. */
  async function attempt(place: string, work: () => Promise<void>) {
    try {
      await work()
    } catch (error) {
      if (!isDamage(error)) throw error
      damaged.push(
        error instanceof GuardItemError
          ? error.shortMessage
          : `The item at ${place.slice(0, 100)} can't be read or updated: ${toText(error)}.`,
      )
    }
  }
  async function recoverItem(item: string, values: Values) {
    let known = WindowItem.read(item, values)
    const before = recovered
    for (const [id, { entry }] of known.open) {
      if (entry.deadline > at) continue
      await attempt(`pk=reservation#${id}`, async () => {
        await resolve(context, { item, id, entry, at }, settings)
        recovered++
      })
    }
    if (recovered > before) {
      const key = WindowItem.keyOf(item)
      const { value } = await context.store.get(key, settings)
      if (value !== undefined) known = WindowItem.read(item, value)
    }
    // Begins new buckets in advance, so that a reservation finds the item as
    // expected. Items that count nothing stay as they are, because a window per
    // recipient has an item for everyone who was ever paid.
    const late = [...known.windows].filter(
      ([, sums]) => numberAt(sums.length, at) > sums.at && sums.sum !== 0n,
    )
    await rollAll(context, item, late, at, settings)
  }
  async function work() {
    for (const { key, item } of left)
      await attempt(`pk=windows sk=${key.sk}`, () => recoverItem(key.sk, item))
  }
  await Promise.all(Array.from({ length: width }, work))
  // One damaged row may have entries in several items.
  return { recovered, damaged: [...new Set(damaged)] }
}
