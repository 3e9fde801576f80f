import { randomBytes, randomInt } from 'node:crypto'
import type { Hex } from '@keyward/core'
import type { Rpc } from '@keyward/core/rpc'
import { encodeExecution } from '../execution/encodeExecution.js'
import type { SafeDomain, SafeTransaction } from '../SafeTransaction.js'
import { pack } from '../signatures/SafeSignature.js'
import type { SafeState } from '../state/readState.js'
import * as slots from '../state/slots.js'

/** A transaction to simulate on a node without sending it. */
export type Trial = {
  readonly domain: SafeDomain
  readonly transaction: SafeTransaction
  /** Hash of the transaction. */
  readonly safeTx: Hex
  readonly state: SafeState
  /** The account that would execute it. @default an unknown account */
  readonly sender?: Hex | undefined
}

/** A node's report of the effects. */
export type Simulation = {
  /** The method that ran it. */
  readonly by: 'eth_simulateV1' | 'debug_traceCall'
  /**
   * Undefined on success; otherwise the revert reason as the node reports it.
   */
  readonly failure: string | undefined
  readonly logs: readonly Log[]
  /** The Safe's watched slots, and their values afterwards. */
  readonly slots: ReadonlyMap<Hex, Hex>
  /** The Safe's balance afterwards, in wei. */
  readonly balance: bigint
  /**
   * The Safe's token balances before and afterwards, for tokens that answer.
   */
  readonly tokens: ReadonlyMap<Hex, { before: bigint; after: bigint }>
  /**
   * Amounts that spenders may still take afterwards, by the approval's name, if
   * its contract answers.
   */
  readonly allowances: ReadonlyMap<string, bigint>
}

export type Log = {
  readonly address: Hex
  readonly topics: readonly Hex[]
  readonly data: Hex
}

/**
 * The approval slots, set to 1 as if owners had approved the hash before, so
 * that no signature is needed.
 */
function toApprovals({ state, safeTx }: Trial): Record<Hex, Hex> {
  return Object.fromEntries(
    approvers(state).map((owner) => [
      slots.approvedHash(owner, safeTx),
      `0x${'00'.repeat(31)}01`,
    ]),
  )
}

/** The fee and the gas limit that a simulated call can use. */
export type Head = {
  /** In wei per gas. Undefined on chains without a base fee. */
  readonly baseFee: bigint | undefined
  readonly gasLimit: bigint | undefined
  /** Additional funds, in wei, besides the fee. */
  readonly funds: bigint
}

/** A trial with the block that the simulation starts from. */
export type Run = Trial & { readonly head: Head }

/** The call that executes the transaction. */
type Execution = {
  readonly from: Hex
  readonly to: Hex
  readonly data: Hex
  readonly gas: Hex
  readonly gasPrice?: Hex
  readonly maxFeePerGas?: Hex
  readonly maxPriorityFeePerGas?: Hex
}

/** The block that the simulation starts from. */
export async function readHead(
  rpc: Rpc,
  { sender, state: { block } }: Trial,
  options: { deadline?: number | undefined },
): Promise<Head> {
  const params = [hex(block), false]
  const head = (await rpc.request('eth_getBlockByNumber', params, options)) as {
    baseFeePerGas?: string
    gasLimit?: string
  } | null
  const read = (value: string | undefined) =>
    value === undefined ? undefined : BigInt(value)
  const funds =
    sender === undefined
      ? toFunds()
      : await rpc.request('eth_getBalance', [sender, hex(block)], options)
  return {
    baseFee: read(head?.baseFeePerGas),
    gasLimit: read(head?.gasLimit),
    funds: BigInt(funds as Hex | bigint),
  }
}

/**
 * The call that executes the transaction, with approvals in place of
 * signatures. It has current fees, because malicious code can behave well while
 * the gas price is 0.
 */
export function toExecution({
  domain,
  transaction,
  state,
  sender,
  head: { baseFee, gasLimit },
}: Run): Execution {
  const bundle = pack(
    approvers(state).map((owner) => ({ kind: 'approved', owner })),
  )
  // The tip is different each time; otherwise, code could recognize the
  // simulation by its price.
  const tip = gwei + BigInt(randomInt(Number(gwei)))
  return {
    from: sender ?? toNobody(),
    to: domain.safe,
    data: encodeExecution(transaction, bundle),
    gas: hex(gasFor(gasLimit)),
    ...(baseFee === undefined
      ? { gasPrice: hex(tip) }
      : {
          maxFeePerGas: hex(baseFee * 2n + tip),
          maxPriorityFeePerGas: hex(tip),
        }),
  }
}

/**
 * The state that the simulation changes beforehand: approvals, and ether for
 * the fee. The sender doesn't get more, because code could recognize the
 * simulation by an unusual balance.
 */
export function toOverrides(
  run: Run,
  { from, gas, maxFeePerGas, gasPrice = '0x0' }: Execution,
) {
  const { safe } = run.domain
  const fee = BigInt(gas) * BigInt(maxFeePerGas ?? gasPrice)
  const balance = hex(fee + run.head.funds)
  return {
    [safe]: { stateDiff: toApprovals(run) },
    ...(from !== safe && { [from]: { balance } }),
  }
}

const gwei = 10n ** 9n
const hex = (value: bigint): Hex => `0x${value.toString(16)}`
/**
 * From 0.1 to 1.3 ether, a typical balance of an account that pays for
 * transactions.
 */
const toFunds = () =>
  10n ** 17n + (BigInt(`0x${randomBytes(8).toString('hex')}`) >> 4n)

/** On some chains, a block's gas limit is above a transaction's. */
function gasFor(limit: bigint | undefined): bigint {
  const most = 2n ** 24n
  return limit !== undefined && limit < most ? limit : most
}

/**
 * A random address, so that running code can't tell from its origin that this
 * is a simulation. It is not a contract, because a contract can't start a
 * transaction.
 */
const toNobody = (): Hex => `0x${randomBytes(20).toString('hex')}`

const approvers = ({ owners, threshold }: SafeState) =>
  owners.slice(0, threshold)

/**
 * All slots that must not change, including each link of the owner and module
 * lists.
 */
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
