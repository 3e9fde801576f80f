import type { Hex } from '@keyward/core'
import { type Rpc, RpcRefusedError } from '@keyward/core/rpc'
import { bySimulateV1 } from './bySimulateV1.js'
import { byTracers, findChangedSlots } from './byTracers.js'
import type { Simulation, Trial } from './Simulation.js'

export type Simulated = {
  readonly simulation: Simulation
  /** Every slot that changed, where the node tells; else those that are watched. */
  readonly changed: ReadonlyMap<Hex, Hex> | undefined
}

/**
 * Runs it on the node by the first method that this has.
 *
 * @returns undefined where it has none; why
 * @throws what the RPC client throws when no node answers
 */
export async function simulate(
  rpc: Rpc,
  trial: Trial,
  tokens: readonly Hex[],
  options: { deadline?: number | undefined } = {},
): Promise<Simulated | { reason: string }> {
  const changed = await orReason(() => findChangedSlots(rpc, trial, options))
  const all = 'reason' in changed ? undefined : changed.slots
  const first = await orReason(() => bySimulateV1(rpc, trial, tokens, options))
  if (!('reason' in first)) return { simulation: first, changed: all }
  const second = await orReason(() => byTracers(rpc, trial, options))
  if (!('reason' in second)) return { simulation: second, changed: all }
  return { reason: `${first.reason}; ${second.reason}` }
}

/** What a node refuses, or answers in another form, it can't do. */
async function orReason<value extends object>(
  run: () => Promise<value>,
): Promise<value | { reason: string }> {
  try {
    return await run()
  } catch (error) {
    if (!(error instanceof RpcRefusedError) && !(error instanceof TypeError))
      throw error
    return { reason: error.message.split('\n')[0] ?? '' }
  }
}
