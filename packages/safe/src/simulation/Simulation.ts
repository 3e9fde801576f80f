import { randomBytes } from 'node:crypto'
import type { Hex } from '@keyward/core'
import { encodeExecution } from '../execution/encodeExecution.js'
import type { SafeDomain, SafeTransaction } from '../SafeTransaction.js'
import { pack } from '../signatures/SafeSignature.js'
import type { SafeState } from '../state/readState.js'
import * as slots from '../state/slots.js'

/** A transaction that is to be run on a node without being sent. */
export type Trial = {
  readonly domain: SafeDomain
  readonly transaction: SafeTransaction
  /** Hash of the transaction. */
  readonly safeTx: Hex
  readonly state: SafeState
  /** Who would execute it. @default somebody whom nobody knows */
  readonly sender?: Hex | undefined
}

/** What a node says it did. */
export type Simulation = {
  /** By which method it was run. */
  readonly by: 'eth_simulateV1' | 'debug_traceCall'
  /** Undefined when it went well; else the revert reason, as the node has it. */
  readonly failure: string | undefined
  readonly logs: readonly Log[]
  /** Slots of the Safe and what they held afterwards, those that were looked at. */
  readonly slots: ReadonlyMap<Hex, Hex>
  /** The Safe's, in wei, afterwards. */
  readonly balance: bigint
  /** What the Safe had of tokens before and afterwards, of those that answer. */
  readonly tokens: ReadonlyMap<Hex, { before: bigint; after: bigint }>
}

export type Log = {
  readonly address: Hex
  readonly topics: readonly Hex[]
  readonly data: Hex
}

/** Set to 1, as if owners had approved the hash before: no signature is needed. */
export function toApprovals({ state, safeTx }: Trial): Record<Hex, Hex> {
  return Object.fromEntries(
    approvers(state).map((owner) => [
      slots.approvedHash(owner, safeTx),
      `0x${'00'.repeat(31)}01`,
    ]),
  )
}

/** The call that executes it, with approvals in the place of signatures. */
export function toExecution({ domain, transaction, state, sender }: Trial) {
  const bundle = pack(
    approvers(state).map((owner) => ({ kind: 'approved', owner })),
  )
  return {
    from: sender ?? toNobody(),
    to: domain.safe,
    data: encodeExecution(transaction, bundle),
  }
}

/**
 * Another one each time: code that runs can't tell by its origin that it is
 * only tried, and no contract stands there, which can begin no transaction.
 */
const toNobody = (): Hex => `0x${randomBytes(20).toString('hex')}`

const approvers = ({ owners, threshold }: SafeState) =>
  owners.slice(0, threshold)

/** All that may not change, of owners and modules each link of the lists. */
export function watchedSlots({ owners, modules }: SafeState): Hex[] {
  return [
    slots.singleton,
    slots.ownerCount,
    slots.threshold,
    slots.nonce,
    slots.guard,
    slots.fallbackHandler,
    ...[slots.sentinel, ...owners].map(slots.ownerAfter),
    ...[slots.sentinel, ...modules].map(slots.moduleAfter),
  ]
}
