import { quote } from '@keyward/core/errors'
import type { Rpc } from '@keyward/sender'
import type * as Target from '../aws/Target.js'
import { type Io, note } from '../Io.js'
import { beginsText, readBeginning } from '../ledger/readBeginning.js'

/**
 * The nonce at which a new ledger begins, if one is requested. If the nonce was
 * not given, it is read from the chain, shown and confirmed.
 *
 * @throws InputError, ConfirmationError
 */
export async function confirmNewLedger(
  io: Io,
  parameters: {
    given: bigint | true | undefined
    target: Target.Target
    table: string
    rpc: Rpc
    address: () => Promise<string>
    yes: boolean
  },
): Promise<bigint | undefined> {
  const { given, target, table, rpc, yes } = parameters
  if (given === undefined) return undefined
  if (given !== true) return given
  const action = `starts the new ledger ${quote(table)}`
  io.assertAskable({ target, action, yes })
  const address = await parameters.address()
  const count = await readBeginning(rpc, { address })
  note(io, beginsText(count, address))
  await io.confirm({ target, action: `${action} at nonce ${count}`, yes })
  return count
}
