import { type Hex, Problems } from '@keyward/core'
import { ProposedCall, type SafeTransaction } from '@keyward/safe'
import type { Io } from '../Io.js'
import { readJson } from '../readInput.js'

/** One call, or a file with several. */
export type CallOptions = {
  to: string | undefined
  amount: bigint | undefined
  data: Hex | undefined
  batch: string | undefined
}

/** @throws InputError, InvalidRequestError */
export async function readCalls(
  io: Io,
  { to, amount = 0n, data = '0x', batch }: CallOptions,
): Promise<readonly ProposedCall.ProposedCall[]> {
  if (batch === undefined)
    return [{ to: (to ?? '').toLowerCase() as Hex, value: amount, data }]
  const json = await readJson(io, batch, '--batch')
  const problems = Problems.create('batch')
  const calls = ProposedCall.parseList(json, 'batch', problems)
  problems.assertNone()
  return calls ?? []
}

type Call = Pick<
  SafeTransaction.SafeTransaction,
  'to' | 'value' | 'data' | 'operation'
>

/**
 * Combines the calls into an all-or-nothing batch, through the one contract to
 * which a delegatecall is harmless.
 */
export async function readCall(io: Io, options: CallOptions): Promise<Call> {
  const calls = await readCalls(io, options)
  const [call] = calls
  return options.batch === undefined && call !== undefined
    ? { ...call, operation: 0 }
    : ProposedCall.toBatch(calls)
}
