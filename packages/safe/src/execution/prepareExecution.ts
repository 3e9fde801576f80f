import { BaseError, type Hex } from '@keyward/core'
import type { Rpc } from '@keyward/core/rpc'
import { DangerousTransactionError } from '../cosign.js'
import type { Rules } from '../danger/Danger.js'
import * as Outcome from '../outcome.js'
import type { Proposal } from '../Proposal.js'
import { type Review, review } from '../review.js'
import type { SafeFile } from '../SafeFile.js'
import { readState, type SafeState } from '../state/readState.js'
import { assertSigned } from './assertSigned.js'
import { encodeExecution } from './encodeExecution.js'
import { RelayerIsOwnerError } from './RelayerIsOwnerError.js'
import { SafeNonceError } from './SafeNonceError.js'

/**
 * An execution that is ready to send: signed by enough owners, reviewed, and
 * simulated on the node.
 */
export type Executable = {
  readonly review: Review
  readonly data: Hex
}

export type PrepareOptions = {
  readonly rpc: Rpc
  readonly file: SafeFile
  readonly proposal: Proposal
  /** The account that sends it. */
  readonly relayer: string
  readonly rules: Rules
  readonly deadline?: number | undefined
}

/**
 * Checks everything before anything is sent: that the transaction was not
 * executed yet, its signatures against the current owners, the pins, and its
 * effects.
 *
 * @returns where it was executed, if it already was
 * @throws SafeNonceError, RelayerIsOwnerError, SignaturesError,
 * SafeChangedError, and, after calling `show`, DangerousTransactionError
 */
export async function prepareExecution(
  { rpc, file, proposal, relayer, rules, deadline }: PrepareOptions,
  show: (seen: Review) => void = () => {},
): Promise<Executable | Outcome.Execution> {
  const { domain, transaction } = proposal
  const state = await readState(rpc, domain, { deadline })
  if (transaction.nonce !== state.nonce)
    return findEarlier(rpc, proposal, state, { deadline })
  const sender = relayer.toLowerCase() as Hex
  if (state.owners.includes(sender)) throw new RelayerIsOwnerError(sender)
  const bundle = await assertSigned(proposal, state)
  const { pins } = file
  const options = { rpc, pins, rules, sender, deadline }
  const seen = await review(domain, transaction, options)
  // If it was executed in the meantime, its simulation failed.
  if (transaction.nonce !== seen.state.nonce)
    return findEarlier(rpc, proposal, seen.state, { deadline })
  show(seen)
  if (seen.findings.length > 0)
    throw new DangerousTransactionError(proposal.safeTx, seen.findings)
  return { review: seen, data: encodeExecution(transaction, bundle) }
}

/** @throws SafeNonceError, ExecutionFailureError */
async function findEarlier(
  rpc: Rpc,
  proposal: Proposal,
  { nonce, block }: SafeState,
  options: { deadline: number | undefined },
): Promise<Outcome.Execution> {
  const done = await findExecution(rpc, proposal, block, options)
  if (done !== undefined) return done
  const wanted = proposal.transaction.nonce
  throw new SafeNonceError(
    wanted,
    nonce,
    wanted > nonce
      ? 'Nothing was sent. First execute the transactions with lower nonces.'
      : 'Nothing was sent. Another transaction was executed with this nonce, or this one was executed so long ago that the node no longer has its log.',
  )
}

/** @throws ExecutionFailureError */
export async function findExecution(
  rpc: Rpc,
  { domain, safeTx }: Proposal,
  block: bigint,
  options: { deadline?: number | undefined } = {},
): Promise<Outcome.Execution | undefined> {
  const found = await Outcome.search(rpc, domain, safeTx, block, options)
  return found && assertExecuted(safeTx, found)
}

/** @throws ExecutionFailureError */
export function assertExecuted(
  safeTx: Hex,
  execution: Outcome.Execution,
): Outcome.Execution {
  if (execution.outcome === 'failure')
    throw new ExecutionFailureError(safeTx, execution)
  return execution
}

/**
 * The Safe accepted the transaction and used its nonce, but the inner call
 * failed.
 */
export class ExecutionFailureError extends BaseError {
  override readonly name = 'ExecutionFailureError'

  constructor(safeTx: Hex, { transaction, block }: Outcome.Execution) {
    super(
      'execution-failure',
      `The Safe logged ExecutionFailure for ${safeTx} in block ${block}.`,
      {
        details: `The nonce is used, but the call had no effect (transaction ${transaction}). Find the reason, then propose the call again at the next nonce.`,
      },
    )
  }
}
