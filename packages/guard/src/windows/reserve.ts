import { maxAmount } from '../policy/maxAmount.js'
import type { Context } from './Context.js'
import { isId } from './Entry.js'
import { GuardConfigurationError } from './errors.js'
import { giveBack } from './giveBack.js'
import * as Row from './Row.js'
import { reserveItem } from './reserveItem.js'
import { readRow } from './rows.js'
import type { Settings } from './Store.js'
import { type Charge, itemOf, nameOf } from './Window.js'
import { WindowExceededError } from './WindowExceededError.js'
import type { Reservation, ReserveParameters } from './Windows.js'

const defaultTtlMs = 60_000
/** A function's maximum run time, which is far less than a window. */
const maxTtlMs = 15 * 60_000

/** Implements `Windows.reserve`. */
export async function reserve(
  context: Context,
  parameters: ReserveParameters,
  settings: Settings,
): Promise<Reservation> {
  const wanted = toWanted(parameters)
  try {
    return await reserveBeside(context, wanted, Row.none, settings)
  } catch (error) {
    if (!(error instanceof WindowExceededError)) throw error
    const { row } = await readRow(context, wanted.id, settings)
    if (row.counted.length === 0) throw error
    return reserveBeside(context, wanted, row, settings)
  }
}

/** Implements `Windows.raise`. */
export async function raise(
  context: Context,
  parameters: ReserveParameters,
  settings: Settings,
): Promise<Reservation> {
  const wanted = toWanted(parameters)
  const { row } = await readRow(context, wanted.id, settings)
  return reserveBeside(context, wanted, row, settings)
}

type Wanted = { id: string; charges: readonly Charge[]; ttlMs: number }

/** @throws GuardConfigurationError, WindowExceededError */
function toWanted(parameters: ReserveParameters): Wanted {
  const { id, charges, ttlMs = defaultTtlMs } = parameters
  if (!isId(id))
    throw new GuardConfigurationError('the id of a reservation is not valid')
  if (!(ttlMs > 0 && ttlMs <= maxTtlMs))
    throw new GuardConfigurationError('ttlMs must be from 1 to 900000')
  const merged = mergeCharges(charges)
  for (const { window, scope, amount } of merged) {
    if (window.limit < 0n || window.limit > maxAmount)
      throw new GuardConfigurationError(
        `the limit of the window "${window.id}" must be at least 0 and have at most 38 digits`,
      )
    if (amount < 0n) throw new GuardConfigurationError('an amount is negative')
    // This check needs no sum.
    if (amount > window.limit)
      throw new WindowExceededError({
        ...{ window, scope, came: amount, spent: undefined, freeAt: undefined },
      })
  }
  return { id, charges: merged, ttlMs }
}

/** Merges charges into one per window and scope, and drops empty ones. */
export function mergeCharges(charges: readonly Charge[]): Charge[] {
  const merged = new Map<string, Charge>()
  for (const charge of charges) {
    const { window, scope } = charge
    const key = `${itemOf(window, scope)} ${nameOf(window)}`
    const amount = (merged.get(key)?.amount ?? 0n) + charge.amount
    if (amount !== 0n) merged.set(key, { window, scope, amount })
  }
  return [...merged.values()]
}

/**
 * Reserves the amounts that the row doesn't count yet, in all items at once.
 */
async function reserveBeside(
  context: Context,
  { id, charges, ttlMs }: Wanted,
  known: Row.Row,
  settings: Settings,
): Promise<Reservation> {
  const row = Row.prune(known, context.clock.estimate())
  const byItem = new Map<string, Charge[]>()
  for (const charge of charges) {
    const item = itemOf(charge.window, charge.scope)
    const counted = Row.amountOf(row, item, nameOf(charge.window))
    const amount = charge.amount - counted
    if (amount <= 0n) continue
    byItem.set(item, [...(byItem.get(item) ?? []), { ...charge, amount }])
  }
  const attempts = await Promise.allSettled(
    [...byItem].map(([item, charges]) =>
      reserveItem(context, { item, id, charges, ttlMs }, settings),
    ),
  )
  const reserved = attempts.flatMap((one) =>
    one.status === 'fulfilled' ? [one.value] : [],
  )
  const reservation = { id, charges, reserved }
  const failures = attempts.flatMap((one) =>
    one.status === 'rejected' ? [one.reason as unknown] : [],
  )
  if (failures.length === 0) return reservation
  // If this fails, the reservation is released after its deadline.
  await giveBack(context, reservation, settings).catch(() => {})
  throw (
    failures.find((one) => one instanceof WindowExceededError) ?? failures[0]
  )
}
