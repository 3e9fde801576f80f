import type { Context } from './Context.js'
import { listCommitted } from './committed.js'
import * as Entry from './Entry.js'
import { ReservationReleasedError, ReservationTooLargeError } from './errors.js'
import { giveBack } from './giveBack.js'
import * as Row from './Row.js'
import { amend, isDecided, writeRow } from './rows.js'
import { equal, type Settings } from './Store.js'
import { settle } from './settle.js'
import { type Charge, itemOf, nameOf, smaller } from './Window.js'
import * as WindowItem from './WindowItem.js'
import type { Reservation, Windows } from './Windows.js'

/** Implements `Windows.commit`. */
export async function commit(
  context: Context,
  reservation: Reservation,
  options: Parameters<Windows['commit']>[1] = {},
): ReturnType<Windows['commit']> {
  const { details, ...settings } = options
  const more = details === undefined ? {} : { details }
  const { id, charges, reserved } = reservation
  if (charges.length === 0) return { settle: async () => {} }
  const fresh: Row.Row = {
    ...Row.none,
    counted: reserved.flatMap(({ item, entry: { token, deadline, parts } }) =>
      parts.map((part) => ({ item, token, deadline, ...part })),
    ),
  }
  if (isLate(context, reservation)) {
    await giveBack(context, reservation, settings)
    throw new ReservationReleasedError(id)
  }
  // Usually there is no earlier row, so one write is enough.
  const writeFirst = async () => {
    if (!charges.every((charge) => isCovered(fresh, charge))) return false
    Row.assertFits(id, fresh)
    return writeRow(context, id, { row: fresh, rev: 0n, more }, settings)
  }
  const orGiveBack = async (error: unknown): Promise<never> => {
    const isRefused =
      error instanceof ReservationReleasedError ||
      error instanceof ReservationTooLargeError
    if (isRefused) await giveBack(context, reservation, settings)
    throw error
  }
  const isFirst = await writeFirst().catch(orGiveBack)
  if (isFirst && isLate(context, reservation))
    throw new ReservationReleasedError(id)
  if (isFirst)
    return {
      settle: () => removeEntries(context, reservation, fresh, settings),
    }
  const change = (row: Row.Row) =>
    merge(row, reservation, context.clock.estimate())
  const row = await amend(context, id, change, settings, more).catch(orGiveBack)
  if (isLate(context, reservation)) throw new ReservationReleasedError(id)
  return {
    async settle() {
      for (const { item, entry } of reserved)
        await settle(context, { item, id, token: entry.token, row }, settings)
    },
  }
}

/**
 * A process that wakes up after the deadline may find its buckets gone.
 * Whatever it commits after that counts, but is never signed.
 */
function isLate({ clock }: Context, { reserved }: Reservation): boolean {
  const now = clock.estimate()
  return reserved.some(({ entry }) => entry.deadline <= now)
}

/**
 * Counts only the part of a reservation that the id does not count yet. The
 * rest can't be committed later either.
 *
 * @throws ReservationReleasedError, ReservationTooLargeError
 */
function merge(
  row: Row.Row,
  { id, charges, reserved }: Reservation,
  now: number,
): Row.Row {
  let merged = Row.prune(row, now)
  for (const { item, entry } of reserved) {
    const { token, deadline, parts } = entry
    if (isDecided(row, entry)) continue
    // The row has not decided on the entry, so it is still where it was
    // written.
    merged = Row.fold(merged, item)
    const counted = parts.flatMap((part) => {
      const wanted = wantedOf(charges, item, part.window)
      const missing = wanted - Row.amountOf(merged, item, part.window)
      const amount = smaller(missing, part.amount)
      return amount > 0n ? [{ item, token, deadline, ...part, amount }] : []
    })
    merged =
      counted.length === 0
        ? Row.kill(merged, token, deadline)
        : { ...merged, counted: [...merged.counted, ...counted] }
  }
  if (!charges.every((charge) => isCovered(merged, charge)))
    throw new ReservationReleasedError(id)
  if (merged !== row) Row.assertFits(id, merged)
  return merged
}

function isCovered(row: Row.Row, { window, scope, amount }: Charge): boolean {
  return Row.amountOf(row, itemOf(window, scope), nameOf(window)) >= amount
}

function wantedOf(
  charges: readonly Charge[],
  item: string,
  name: string,
): bigint {
  const charge = charges.find(
    ({ window, scope }) =>
      nameOf(window) === name && itemOf(window, scope) === item,
  )
  return charge?.amount ?? 0n
}

/**
 * Removes the entries of a reservation that counts in full, so no sum changes.
 */
async function removeEntries(
  context: Context,
  { id, reserved }: Reservation,
  row: Row.Row,
  settings: Settings,
): Promise<void> {
  const { store } = context
  const tokens = reserved.map(({ entry }) => entry.token)
  await listCommitted(context, { id, row, tokens }, settings)
  await Promise.all(
    reserved.map(({ item, entry }) =>
      store.update(
        WindowItem.keyOf(item),
        {
          remove: [['open', id]],
          when: [equal(['open', id], Entry.encode(entry))],
        },
        settings,
      ),
    ),
  )
}
