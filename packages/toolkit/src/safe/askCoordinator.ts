import { setTimeout as pause } from 'node:timers/promises'
import type { Hex } from '@keyward/core'
import type { Io } from '../Io.js'
import { reading } from '../reading.js'
import { type CallOptions, readCalls } from './readCalls.js'
import {
  type Answer,
  type MultisigOptions,
  withMultisig,
} from './withMultisig.js'

// Requests to a stack's coordinator, made after confirmation.

type Options = MultisigOptions & { yes: boolean }

/** Proposes calls to the co-signers of this stack and of others. */
export async function proposeToStack(
  io: Io,
  options: Options & CallOptions & { nonce: bigint | undefined },
): Promise<Answer> {
  const { nonce, stack } = options
  const read = await reading(() => readCalls(io, options))
  const calls = read.map((call) => ({ ...call, value: String(call.value) }))
  const event = { calls, ...(nonce !== undefined && { nonce: String(nonce) }) }
  const action = `proposes the Safe transaction to the owners of the stack ${stack}`
  return confirmed(io, options, action, (coordinate) =>
    coordinate('propose', event),
  )
}

/**
 * Rejects a proposal. If an owner has signed it, `replacement` is an empty
 * call.
 */
export function rejectInStack(
  io: Io,
  options: Options,
  safeTx: Hex,
): Promise<Answer> {
  const action = `rejects the Safe transaction ${safeTx}`
  return confirmed(io, options, action, (coordinate) =>
    coordinate('reject', { safe_tx_hash: safeTx }),
  )
}

/** Has the relayer execute a proposal, and waits for the result. */
export function executeInStack(
  io: Io,
  options: Options & { timeout: number },
  safeTx: Hex,
): Promise<Answer> {
  const about = { safe_tx_hash: safeTx }
  const action = `executes the Safe transaction ${safeTx}`
  return confirmed(io, options, action, async (coordinate) => {
    let answer = await coordinate('execute', about)
    const until = Date.now() + options.timeout * 1000
    while (isOnItsWay(answer) && Date.now() < until) {
      await pause(Math.min(1000, until - Date.now()))
      answer = await coordinate('get', about)
    }
    return answer
  })
}

/** Whether an execution can still succeed without intervention. */
export function isOnItsWay({ status, relayer }: Answer): boolean {
  const { receipt_status } = (relayer ?? {}) as { receipt_status?: string }
  return status === 'executing' && receipt_status !== 'reverted'
}

type Coordinate = (
  operation: string,
  fields: Readonly<Record<string, unknown>>,
) => Promise<Answer>

function confirmed(
  io: Io,
  options: Options,
  action: string,
  work: (coordinate: Coordinate) => Promise<Answer>,
): Promise<Answer> {
  return withMultisig(io, options, async ({ target, coordinate }) => {
    await io.confirm({ target, action, yes: options.yes })
    return work(coordinate)
  })
}
