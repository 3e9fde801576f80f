import type { Context } from './Context.js'
import { kill } from './rows.js'
import type { Settings } from './Store.js'
import { settle } from './settle.js'
import type { Reservation } from './Windows.js'

/**
 * Implements `Windows.giveBack`: first makes sure that the reservation can no
 * longer be committed, also by processes that joined it.
 */
export async function giveBack(
  context: Context,
  { id, reserved }: Reservation,
  settings: Settings,
): Promise<void> {
  if (reserved.length === 0) return
  const entries = reserved.map(({ entry }) => entry)
  const row = await kill(context, id, entries, settings)
  await Promise.all(
    reserved.map(({ item, entry: { token } }) =>
      settle(context, { item, id, token, row }, settings),
    ),
  )
}
