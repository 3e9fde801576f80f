import type { Context } from './Context.js'
import { kill } from './rows.js'
import type { Settings } from './Store.js'
import { settle } from './settle.js'
import type { Reservation } from './Windows.js'

/** As `Windows.giveBack`: first it can't be committed any more, also by those who joined. */
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
