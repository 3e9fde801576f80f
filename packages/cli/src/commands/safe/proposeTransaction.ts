import { type Hex, Problems } from '@keyward/core'
import {
  assertNonceUnused,
  type Danger,
  ProposedCall,
  readState,
  SafeTransaction,
} from '@keyward/safe'
import { parseJson, readInput, reading, sourceName } from '@keyward/toolkit'
import type { MultisigOptions } from '@keyward/toolkit/safe'
import type { Result } from '../../output/Result.js'
import type { Terminal } from '../../terminal/Terminal.js'
import { proposeInStack } from './inStack.js'
import { assertFree, openSafe, rulesOf, type SafeOptions } from './openSafe.js'
import { writeProposal } from './writeProposal.js'

type CallOptions = {
  to: string | undefined
  amount: bigint | undefined
  data: Hex | undefined
  batch: string | undefined
}

export type ProposeOptions = SafeOptions &
  CallOptions & {
    nonce: bigint | undefined
    open: readonly Danger.Danger[]
    openCall: readonly string[]
    out: string
    force: boolean
  }

/** Writes a proposal that nobody has signed yet. */
export async function propose(
  terminal: Terminal,
  options: ProposeOptions,
): Promise<Result> {
  const call = await reading(async () => {
    assertFree(options.out, '--out', options.force)
    return options.batch === undefined
      ? toCall(options)
      : readBatch(terminal, options.batch)
  })
  const opened = await openSafe(terminal, options)
  const state = await readState(opened.rpc, opened.file.domain)
  const { nonce = state.nonce } = options
  assertNonceUnused({ nonce }, state)
  const transaction = SafeTransaction.create({ ...call, nonce })
  return writeProposal(terminal, opened, transaction, {
    ...{ rules: rulesOf(options), out: options.out, force: options.force },
  })
}

/** The same, kept by the coordinator of a stack. */
export async function proposeToStack(
  terminal: Terminal,
  options: MultisigOptions &
    CallOptions & { nonce: bigint | undefined; yes: boolean },
): Promise<Result> {
  const { to, amount = 0n, data = '0x', batch } = options
  const calls =
    batch === undefined
      ? [{ to: (to ?? '').toLowerCase() as Hex, value: amount, data }]
      : await reading(() => readCalls(terminal, batch))
  const wire = calls.map((call) => ({ ...call, value: String(call.value) }))
  return proposeInStack(terminal, options, { ...options, calls: wire })
}

type Call = Pick<
  SafeTransaction.SafeTransaction,
  'to' | 'value' | 'data' | 'operation'
>

function toCall({ to, amount = 0n, data = '0x' }: CallOptions): Call {
  const address = (to ?? '').toLowerCase() as Hex
  return { to: address, value: amount, data, operation: 0 }
}

/** All or nothing, by the one contract whose delegatecall is harmless. */
async function readBatch(terminal: Terminal, path: string): Promise<Call> {
  return ProposedCall.toBatch(await readCalls(terminal, path))
}

async function readCalls(
  terminal: Terminal,
  path: string,
): Promise<ProposedCall.ProposedCall[]> {
  const flag = '--batch'
  const bytes = await readInput(terminal, path, flag)
  const json = parseJson(bytes, sourceName(path, flag))
  const problems = Problems.create('batch')
  const calls = ProposedCall.parseList(json, 'batch', problems)
  problems.assertNone()
  return calls ?? []
}
