import type { Hex } from '@keyward/core'
import {
  assertExecuted,
  type Executable,
  findExecution,
  Outcome,
  type Proposal,
  readState,
} from '@keyward/safe'
import type { Io } from '../Io.js'
import type { Followed } from '../send/follow.js'
import type { SenderAccess } from '../send/SenderAccess.js'
import { summarize } from '../send/summarize.js'
import { type RelayOptions, relay } from './relay.js'

/**
 * Sends an execution once. Only the Safe's own log proves that it was executed.
 *
 * @returns where the transaction was executed, by us or by someone else, or how
 * far the attempt got
 * @throws ExecutionFailureError, and the sender's errors
 */
export async function execute(
  io: Io,
  access: SenderAccess,
  proposal: Proposal.Proposal,
  { data }: Executable,
  options: RelayOptions,
): Promise<Outcome.Execution | Followed> {
  const { rpc } = options
  const { domain, safeTx } = proposal
  const call = { idempotencyKey: `safe-${safeTx}`, to: domain.safe, data }
  const look = async () => {
    const { block } = await readState(rpc, domain)
    return findExecution(rpc, proposal, block)
  }
  let followed: Followed
  try {
    followed = await relay(io, access, call, options)
  } catch (error) {
    // The execution may have been refused because someone else was faster.
    const done = await look().catch(() => undefined)
    if (done !== undefined) return done
    throw error
  }
  const { end, data: sent } = summarize(followed, rpc.chainId)
  const hash = sent.signed_tx_hash
  if (end !== 'mined' || hash === null) return (await look()) ?? followed
  const receipt = await rpc.request('eth_getTransactionReceipt', [hash])
  const { logs = [], blockNumber = '0x0' } = (receipt ?? {}) as Receipt
  const outcome = Outcome.find(logs, domain, safeTx)
  if (outcome === undefined) return (await look()) ?? followed
  const block = BigInt(blockNumber)
  return assertExecuted(safeTx, { outcome, transaction: hash as Hex, block })
}

type Receipt = { logs?: Parameters<typeof Outcome.find>[0]; blockNumber?: Hex }
