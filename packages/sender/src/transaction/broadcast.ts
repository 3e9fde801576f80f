import { BaseError } from '@keyward/core'
import { classify, type SendFailure } from '../chain/SendFailure.js'
import type { Attempt } from '../ledger/Attempt.js'
import { RpcRefusedError } from '../rpc/errors.js'
import type { Context } from './Context.js'

export type Outcome =
  | { sent: true }
  | { sent: false; failure: SendFailure | undefined; problem: string }

/**
 * Sends stored bytes. A node that has them already is a success; any other
 * refusal changes nothing about what is stored, so it is told, not thrown.
 */
export async function broadcast(
  context: Context,
  attempt: Pick<Attempt, 'raw' | 'hash'>,
  deadline: number,
): Promise<Outcome> {
  try {
    const hash = await context.chain.sendRaw(attempt.raw, { deadline })
    if (hash === attempt.hash) return { sent: true }
    return {
      sent: false,
      failure: undefined,
      problem: 'The node answered the hash of another transaction.',
    }
  } catch (error) {
    const failure = classify(error)
    if (failure === 'already-known') return { sent: true }
    if (failure === 'nonce-too-low') {
      // That is what a node says of what it has mined already.
      const known = await context.chain
        .hasTransaction(attempt.hash, { deadline })
        .catch(() => false)
      if (known) return { sent: true }
    }
    return { sent: false, failure, problem: toProblem(error) }
  }
}

/** An error in one line, for the row of a transaction. */
export function toProblem(error: unknown): string {
  if (error instanceof RpcRefusedError)
    return `The node refused it: ${error.reason}`.slice(0, 300)
  if (error instanceof BaseError) return error.shortMessage.slice(0, 300)
  return `An unexpected fault (${error instanceof Error ? error.name : typeof error}).`
}
