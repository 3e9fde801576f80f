import type { Hex } from '@keyward/core'
import type { Rpc } from '@keyward/core/rpc'
import {
  type Log,
  type Run,
  type Simulation,
  toExecution,
  toOverrides,
  watchedSlots,
} from './Simulation.js'

type Frame = {
  error?: string
  revertReason?: string
  output?: Hex
  logs?: Log[]
  calls?: Frame[]
}
type Account = { balance?: Hex; storage?: Record<Hex, Hex> }
type Diff = { pre: Record<Hex, Account>; post: Record<Hex, Account> }

/**
 * Simulates the transaction with the tracers of `debug_traceCall`: one reports
 * calls and their logs, the other reports every changed slot.
 *
 * @param changed - The result of `findChangedSlots`.
 */
export async function byTracers(
  rpc: Rpc,
  run: Run,
  changed: Changed,
  { deadline }: { deadline?: number | undefined } = {},
): Promise<Simulation> {
  const { state } = run
  const frame = await trace(
    rpc,
    run,
    { tracer: 'callTracer', tracerConfig: { withLog: true } },
    deadline,
  )
  const call = frame as Frame
  const untouched = watchedSlots(state).filter(
    (slot) => !changed.slots.has(slot),
  )
  return {
    by: 'debug_traceCall',
    failure: toFailure(call),
    logs: [...logsOf(call)],
    slots: new Map([
      ...untouched.map((slot) => [slot, unchanged] as const),
      ...changed.slots,
    ]),
    balance: changed.balance ?? state.balance,
    tokens: new Map(),
    allowances: new Map(),
  }
}

/** Placeholder for a word, which means that the slot kept its value. */
export const unchanged: Hex = '0x'

type Changed = { slots: Map<Hex, Hex>; balance: bigint | undefined }

/** Every slot of the Safe that the transaction changed, with its new value. */
export async function findChangedSlots(
  rpc: Rpc,
  run: Run,
  { deadline }: { deadline?: number | undefined } = {},
): Promise<Changed> {
  const tracer = {
    tracer: 'prestateTracer',
    tracerConfig: { diffMode: true },
  }
  const { pre, post } = (await trace(rpc, run, tracer, deadline)) as Diff
  const { safe } = run.domain
  const [before, after] = [pre, post].map((all) => all[safe] ?? {})
  const slots = new Map<Hex, Hex>()
  // A slot that is listed only before or only after was zero at the other time.
  for (const slot of Object.keys(before?.storage ?? {}))
    slots.set(slot as Hex, zero)
  for (const [slot, value] of Object.entries(after?.storage ?? {}))
    slots.set(slot as Hex, value)
  const balance = after?.balance
  return { slots, balance: balance === undefined ? undefined : BigInt(balance) }
}

const zero: Hex = `0x${'00'.repeat(32)}`

function trace(
  rpc: Rpc,
  run: Run,
  tracer: object,
  deadline: number | undefined,
): Promise<unknown> {
  const at = `0x${run.state.block.toString(16)}`
  const execution = toExecution(run)
  const stateOverrides = toOverrides(run, execution)
  const options = { ...tracer, stateOverrides }
  return rpc.request('debug_traceCall', [execution, at, options], { deadline })
}

function toFailure({ error, revertReason, output }: Frame): string | undefined {
  if (error !== undefined) return revertReason ?? error
  return output !== undefined && output !== '0x' && BigInt(output) === 1n
    ? undefined
    : 'the inner call would fail, but still use the nonce'
}

/** Logs of calls that were not reverted. */
function* logsOf(frame: Frame): Generator<Log> {
  if (frame.error !== undefined) return
  yield* frame.logs ?? []
  for (const inner of frame.calls ?? []) yield* logsOf(inner)
}
