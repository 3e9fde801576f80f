import { InputError } from '@keyward/core/errors'
import type { Io } from '../Io.js'
import { parseCount } from '../ledger/parseCount.js'
import { findNetwork, requireNetwork } from '../node/readNetwork.js'
import { openFunction } from './openFunction.js'
import { openLedger } from './openLedger.js'
import type { SenderAccess } from './SenderAccess.js'

/** Which sender is meant. */
export type SenderOptions = {
  stack?: string | undefined
  caller?: string | undefined
  /** With `ledger`: without Lambda. */
  key?: string | undefined
  ledger?: string | undefined
  network?: string | undefined
  rpcUrl?: string | undefined
  /** With `ledger`: it begins here, at this count or the one that is read. */
  newLedger?: string | true | undefined
  /** Nothing is asked. */
  yes?: boolean | undefined
}

/**
 * The sender function of a stack, or, where a ledger's table is named, the
 * library in this process.
 *
 * @throws InputError when neither or both are meant; NetworkMismatchError
 */
export async function openSenderAccess(
  io: Io,
  options: SenderOptions,
): Promise<SenderAccess> {
  const { ledger, stack, caller, newLedger } = options
  if (ledger === undefined) {
    if (newLedger !== undefined)
      throw new InputError('--new-ledger is given without --ledger.', {
        details:
          'Where a stack sends, its deployment says so: keyward deploy --new-ledger.',
      })
    if (options.key !== undefined)
      throw new InputError('--key is given without --ledger.', {
        details:
          "A stack's sender has its own key. To send without Lambda, name the ledger's table with --ledger; else leave --key out.",
      })
    const network = findNetwork(io, options.network)
    return openFunction(io, { stack, caller, network })
  }
  if (stack !== undefined || caller !== undefined)
    throw new InputError('--ledger stands beside --stack or --caller.', {
      details: 'Give one: a stack sends by its function, a ledger from here.',
    })
  const keyId = options.key ?? io.env.AWS_KMS_KEY_ID
  if (keyId === undefined || keyId === '')
    throw new InputError('--ledger is given without a key.', {
      details: 'Give --key, or set AWS_KMS_KEY_ID.',
    })
  return openLedger(io, {
    keyId,
    ledger,
    network: requireNetwork(io, options.network),
    rpcUrl: options.rpcUrl,
    newLedger:
      typeof newLedger === 'string' ? parseCount(newLedger) : newLedger,
    yes: options.yes === true,
  })
}
