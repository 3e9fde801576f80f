import {
  assertNonceUnused,
  type Danger,
  Proposal,
  type Review,
  readState,
  review,
  SafeTransaction,
} from '@keyward/safe'
import type { Io } from '../Io.js'
import { reading } from '../reading.js'
import { type CallOptions, readCall } from './readCalls.js'
import {
  assertFree,
  type OpenedSafe,
  openSafe,
  rulesOf,
  type SafeOptions,
  writeJson,
} from './safeFiles.js'

type NewFile = { out: string; force: boolean }

export type ProposeOptions = SafeOptions &
  CallOptions &
  NewFile & {
    nonce: bigint | undefined
    open: readonly Danger.Danger[]
    openCall: readonly string[]
  }

export type RejectOptions = SafeOptions & NewFile & { nonce: bigint }

/** The review that co-signers will see, and the proposal's file. */
export type Proposed = { seen: Review; out: string }

/** Called before the proposal is written. */
type Show = (seen: Review) => void

/** Writes a proposal without any signatures. */
export async function propose(
  io: Io,
  options: ProposeOptions,
  show: Show,
): Promise<Proposed> {
  const call = await reading(() => {
    assertFree(options.out, '--out', options.force)
    return readCall(io, options)
  })
  const opened = await openSafe(io, options)
  const state = await readState(opened.rpc, opened.file.domain)
  const { nonce = state.nonce } = options
  assertNonceUnused({ nonce }, state)
  const transaction = SafeTransaction.create({ ...call, nonce })
  const rules = rulesOf(options)
  return write(opened, transaction, { ...options, rules, show })
}

/**
 * Proposes an empty call of the Safe to itself, which only uses up the nonce.
 */
export async function reject(
  io: Io,
  options: RejectOptions,
  show: Show,
): Promise<Proposed> {
  const { nonce, out, force } = options
  await reading(() => assertFree(out, '--out', force))
  const opened = await openSafe(io, options)
  const { domain } = opened.file
  assertNonceUnused({ nonce }, await readState(opened.rpc, domain))
  const transaction = SafeTransaction.create({ to: domain.safe, nonce })
  return write(opened, transaction, { out, force, rules: {}, show })
}

async function write(
  { file, rpc }: OpenedSafe,
  transaction: SafeTransaction.SafeTransaction,
  { rules, out, force, show }: NewFile & { rules: Danger.Rules; show: Show },
): Promise<Proposed> {
  const { domain, pins } = file
  const seen = await review(domain, transaction, { rpc, pins, rules })
  show(seen)
  const bundle = Proposal.toBundle(Proposal.create(domain, transaction))
  await writeJson(out, bundle, force)
  return { seen, out }
}
