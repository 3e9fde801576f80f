import { AddressField, type Hex } from '@keyward/core'
import { BaseError } from '@keyward/core/errors'
import type { Rpc } from '@keyward/core/rpc'
import {
  type Danger,
  DangerousTransactionError,
  encodeExecution,
  Outcome,
  type Proposal,
  type Review,
  readState,
  review,
  type SafeFile,
} from '@keyward/safe'
import type { Io } from '../Io.js'
import type { Followed } from '../send/follow.js'
import type { SenderAccess } from '../send/SenderAccess.js'
import { summarize } from '../send/summarize.js'
import { assertSigned } from './assertSigned.js'
import { type RelayOptions, relay } from './relay.js'
import { SafeNonceError } from './SafeNonceError.js'

/** What may be sent: signed by enough owners, looked at, and run on the node. */
export type Executable = {
  readonly review: Review
  readonly data: Hex
}

export type PrepareOptions = {
  readonly rpc: Rpc
  readonly file: SafeFile.SafeFile
  readonly proposal: Proposal.Proposal
  /** The account that sends it. */
  readonly relayer: string
  readonly rules: Danger.Rules
}

/**
 * Checks everything before anything is sent: that it was not executed already,
 * the signatures against the owners of now, the pins, and what it does.
 *
 * @returns where it was executed, when it was
 * @throws SafeNonceError, RelayerIsOwnerError, SignaturesError,
 * SafeChangedError, and, with `show` called before, DangerousTransactionError
 */
export async function prepareExecution(
  { rpc, file, proposal, relayer, rules }: PrepareOptions,
  show: (seen: Review) => void,
): Promise<Executable | Outcome.Execution> {
  const { domain, transaction } = proposal
  const state = await readState(rpc, domain)
  if (transaction.nonce !== state.nonce) {
    const done = await findExecution(rpc, proposal, state.block)
    if (done !== undefined) return done
    throw new SafeNonceError(
      transaction.nonce,
      state.nonce,
      transaction.nonce > state.nonce
        ? 'Nothing was sent. Execute what comes before it first.'
        : 'Nothing was sent. Another transaction was executed at this nonce, or this one so long ago that the node does not find its log.',
    )
  }
  const sender = relayer.toLowerCase() as Hex
  if (state.owners.includes(sender)) throw new RelayerIsOwnerError(sender)
  const bundle = await assertSigned(proposal, state)
  const { pins } = file
  const seen = await review(domain, transaction, { rpc, pins, rules, sender })
  show(seen)
  if (seen.findings.length > 0)
    throw new DangerousTransactionError(proposal.safeTx, seen.findings)
  return { review: seen, data: encodeExecution(transaction, bundle) }
}

/**
 * Sends it once, and believes that it was executed by the Safe's own log alone.
 *
 * @returns where it was executed, by us or by somebody else; or how far the
 * attempt came
 * @throws ExecutionFailureError, and what the sender throws
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
    // Refused because somebody else was first.
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

/** @throws ExecutionFailureError */
async function findExecution(
  rpc: Rpc,
  { domain, safeTx }: Proposal.Proposal,
  block: bigint,
): Promise<Outcome.Execution | undefined> {
  const found = await Outcome.search(rpc, domain, safeTx, block)
  return found && assertExecuted(safeTx, found)
}

function assertExecuted(
  safeTx: Hex,
  execution: Outcome.Execution,
): Outcome.Execution {
  if (execution.outcome === 'failure')
    throw new ExecutionFailureError(safeTx, execution)
  return execution
}

/** The Safe took the transaction, used its nonce, and the call in it failed. */
export class ExecutionFailureError extends BaseError {
  override readonly name = 'ExecutionFailureError'

  constructor(safeTx: Hex, { transaction, block }: Outcome.Execution) {
    super(
      'execution-failure',
      `The Safe logged ExecutionFailure for ${safeTx} in block ${block}.`,
      {
        details: `Its nonce is used, and what was agreed did not happen (transaction ${transaction}). Look for the reason, and propose it again at the next nonce.`,
      },
    )
  }
}

/** What pays for the execution must not be able to approve as well. */
export class RelayerIsOwnerError extends BaseError {
  override readonly name = 'RelayerIsOwnerError'

  constructor(relayer: Hex) {
    super(
      'relayer-is-owner',
      `${AddressField.toChecksum(relayer)} is an owner of the Safe and can't send its transactions.`,
      {
        details:
          'Nothing was sent. An owner that executes counts as an approval without a signature. Send from an account that owns nothing: name another stack or key.',
      },
    )
  }
}
