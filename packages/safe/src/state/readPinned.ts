import type { Rpc } from '@keyward/core/rpc'
import type { SafeDomain } from '../SafeTransaction.js'
import * as Pins from './Pins.js'
import { readState, type SafeState } from './readState.js'

/**
 * The Safe's current state. @throws SafeChangedError if it differs from the
 * pins
 */
export async function readPinned(
  rpc: Rpc,
  domain: SafeDomain,
  pins: Pins.Pins,
  options: { deadline?: number | undefined },
): Promise<SafeState> {
  const state = await readState(rpc, domain, options)
  const changes = Pins.findChanges(pins, state)
  if (changes.length > 0) throw new Pins.SafeChangedError(domain.safe, changes)
  return state
}
