import { numberAt, oldestCounted } from './Buckets.js'
import type { Context } from './Context.js'
import { GuardItemError } from './errors.js'
import { halt } from './halt.js'
import type { Settings, Values } from './Store.js'
import { itemOf, nameOf } from './Window.js'
import * as WindowItem from './WindowItem.js'
import type { Known, Shortfall, Windows } from './Windows.js'

/** As `Windows.compare`. */
export async function compare(
  context: Context,
  readKnown: Parameters<Windows['compare']>[0],
  settings: Settings,
): Promise<Shortfall[]> {
  const { value, at: now } = await context.store.list('windows', settings)
  const items = new Map(value.map(({ key, item }) => [key.sk, item]))
  const sums = new Map<string, Shortfall>()
  for (const known of await readKnown()) {
    const { window, scope, amount, at, latest = at } = known
    // What was reserved since is not in what was read.
    if (latest >= now) continue
    const item = itemOf(window, scope)
    const counted = readSums(item, items.get(item), known)
    const newest = counted?.at ?? numberAt(window.length, now)
    if (numberAt(window.length, at) < oldestCounted(window.length, newest))
      continue
    const key = `${item} ${nameOf(window)}`
    const before = sums.get(key)?.known ?? 0n
    sums.set(key, {
      ...{ window, scope, known: before + amount, counted: counted?.sum ?? 0n },
    })
  }
  const shortfalls = [...sums.values()].filter(
    ({ known, counted }) => counted < known,
  )
  if (shortfalls.length > 0) await halt(context, toReason(shortfalls), settings)
  return shortfalls
}

function readSums(
  item: string,
  values: Values | undefined,
  { window }: Known,
): WindowItem.Sums | undefined {
  if (values === undefined) return undefined
  try {
    return WindowItem.read(item, values).windows.get(nameOf(window))
  } catch (error) {
    // What is damaged counts nothing that can be relied on.
    if (error instanceof GuardItemError) return undefined
    throw error
  }
}

function toReason(shortfalls: readonly Shortfall[]): string {
  const [first] = shortfalls
  const { window, counted, known } = first!
  const others = shortfalls.length - 1
  return `the window ${window.id} counts ${counted} where ${known} is known${others === 0 ? '' : `, and ${others} more count less than is known`}`
}
