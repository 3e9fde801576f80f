import type { Hex } from '@keyward/core'
import { type Rpc, RpcRefusedError } from '@keyward/core/rpc'
import { type Asked, bySimulateV1 } from './bySimulateV1.js'
import { byTracers, findChangedSlots } from './byTracers.js'
import { readHead, type Simulation, type Trial } from './Simulation.js'

export type Simulated = {
  readonly simulation: Simulation
  /**
   * Every changed slot, if the node reports them; otherwise, the watched slots.
   */
  readonly changed: ReadonlyMap<Hex, Hex> | undefined
}

/**
 * Simulates the transaction with the first method that the node supports.
 *
 * @returns undefined if the node supports none, with the reason
 * @throws the RPC client's errors if no node answers
 */
export async function simulate(
  rpc: Rpc,
  trial: Trial,
  asked: Asked,
  options: { deadline?: number | undefined } = {},
): Promise<Simulated | { reason: string }> {
  const head = await orReason(() => readHead(rpc, trial, options))
  if ('reason' in head) return head
  const run = { ...trial, head }
  const changed = await orReason(() => findChangedSlots(rpc, run, options))
  const all = 'reason' in changed ? undefined : changed.slots
  const first = await orReason(() => bySimulateV1(rpc, run, asked, options))
  if (!('reason' in first)) return { simulation: first, changed: all }
  const second =
    'reason' in changed
      ? changed
      : await orReason(() => byTracers(rpc, run, changed, options))
  if (!('reason' in second)) return { simulation: second, changed: all }
  return { reason: `${first.reason}; ${second.reason}` }
}

/** A method that a node refuses, or answers in another form, is unsupported. */
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
