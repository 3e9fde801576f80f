import type { Rpc } from '@keyward/sender'
import type * as Target from '../aws/Target.js'
import { assertAskable, confirm } from '../confirm.js'
import { parseCount } from '../ledger/parseCount.js'
import { beginsText, readBeginning } from '../ledger/readBeginning.js'
import { note, type Terminal } from '../Terminal.js'

/**
 * The count at which a ledger begins, where it is said that it does. A count
 * that was not given is read from the chain, told, and asked about.
 *
 * @throws InputError, ConfirmationError
 */
export async function confirmNewLedger(
  terminal: Terminal,
  parameters: {
    given: string | true | undefined
    target: Target.Target
    table: string
    rpc: Rpc
    address: () => Promise<string>
    yes: boolean
  },
): Promise<bigint | undefined> {
  const { given, target, table, rpc, yes } = parameters
  if (given === undefined) return undefined
  if (given !== true) return parseCount(given)
  const action = `begins the ledger ${table}`
  assertAskable(terminal, target, action, yes)
  const address = await parameters.address()
  const count = await readBeginning(rpc, { address })
  note(terminal, beginsText(count, address))
  await confirm(terminal, target, `${action} at nonce ${count}`, yes)
  return count
}
