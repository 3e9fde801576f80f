import type { Hex } from '@keyward/core'
import type { Rpc } from '@keyward/core/rpc'
import {
  approvalsOf,
  callOnlyBatches,
  type Explained,
  explain,
  walk,
} from '@keyward/guard/calls'
import * as Hash from 'ox/Hash'
import { closed, type Finding, type Rules } from './danger/Danger.js'
import { type Facts, findDangers } from './danger/findDangers.js'
import { without } from './danger/without.js'
import {
  type Hashes,
  hash,
  type SafeDomain,
  type SafeTransaction,
} from './SafeTransaction.js'
import { findDeviations } from './simulation/findDeviations.js'
import { findAmountsOfPieces, withoutStated } from './simulation/findGrants.js'
import { findOutflows } from './simulation/findOutflows.js'
import type { Simulation } from './simulation/Simulation.js'
import { simulate } from './simulation/simulate.js'
import { askEach } from './state/askEach.js'
import { assertFew } from './state/assertFew.js'
import type { Pins } from './state/Pins.js'
import { readPinned } from './state/readPinned.js'
import type { SafeState } from './state/readState.js'
import { readTokens } from './state/readTokens.js'

/** The subject of a review, and the node to ask about the chain. */
export type ReviewOptions = {
  readonly rpc: Rpc
  readonly pins: Pins
  readonly rules?: Rules | undefined
  /** The account that would execute it. @default an unknown account */
  readonly sender?: Hex | undefined
  readonly deadline?: number | undefined
}

/** All facts that a co-signer knows before it signs. */
export type Review = {
  readonly domain: SafeDomain
  readonly transaction: SafeTransaction
  /** Computed here from the fields, never taken from input. */
  readonly hashes: Hashes
  /** The decoded call, down to the innermost calls. */
  readonly call: Explained
  readonly state: SafeState
  /** Undefined if no node could simulate the transaction. */
  readonly simulation: Simulation | undefined
  /** Dangers that no rule allows; if there are any, nothing is signed. */
  readonly findings: readonly Finding[]
  /**
   * Dangers that a rule allows: they don't prevent signing, but must be shown.
   */
  readonly opened: readonly Finding[]
}

/**
 * Reviews a transaction without trusting anyone: computes the hash from the
 * fields, compares the Safe with its pins, decodes the call down to the
 * innermost calls, simulates it on the node, and lists every danger.
 *
 * @throws TooManyAddressesError, SafeChangedError, NotASafeError, and the RPC
 * client's errors
 */
export async function review(
  given: SafeDomain,
  meant: SafeTransaction,
  options: ReviewOptions,
): Promise<Review> {
  const { domain, transaction } = inLowerCase(given, meant)
  const { rpc, pins, rules = {}, sender, deadline } = options
  const hashes = hash(domain, transaction)
  const { to, value, data, operation } = transaction
  const call = explain({ from: domain.safe, to, value, data, operation })
  const calls = [...walk(call)]
  const called = new Set(calls.map((one) => one.to))
  const approved = calls.flatMap(approvalsOf).map(({ token }) => token)
  assertFew(new Set([...called, ...approved]))
  const state = await readPinned(rpc, domain, pins, { deadline })
  const codes = await readCodes(options, [...called], state.block)
  const tokens = await readTokens(rpc, approved, state.block, { deadline })
  const facts: Facts = {
    supplyOf: (token) => tokens.get(token)?.supply,
    isCollection: (token) => tokens.get(token)?.isCollection === true,
    safe: domain.safe,
    hasCode: (address) => (codes.get(address) ?? '0x') !== '0x',
    isCallOnlyBatch: (address) => {
      const code = codes.get(address)
      const expected = callOnlyBatches[address]
      return (
        code !== undefined &&
        expected !== undefined &&
        Hash.keccak256(code) === expected
      )
    },
  }
  const findings = findDangers(transaction, call, facts, rules)
  const opened = without(findDangers(transaction, call, facts, {}), findings)
  const seen = { domain, transaction, hashes, call, state, findings, opened }
  // A transaction whose nonce is not next can't be simulated, only decoded.
  const trial = { domain, transaction, safeTx: hashes.safeTx, state, sender }
  const isNext = transaction.nonce === state.nonce
  const { approvals } = findOutflows(call, domain.safe)
  const asked = { tokens: tokensOf(call, codes), approvals }
  const simulated = isNext
    ? await simulate(rpc, trial, asked, { deadline })
    : {
        reason: `the transaction has nonce ${transaction.nonce}, but the Safe's next nonce is ${state.nonce}`,
      }
  if ('reason' in simulated) {
    const isOpen = rules.open?.includes('not-simulated') === true
    const list = isOpen ? opened : findings
    list.push({ danger: 'not-simulated', path: '', text: simulated.reason })
    return { ...seen, simulation: undefined }
  }
  const { simulation } = simulated
  // A failing transaction changes at most the nonce.
  if (simulation.failure === undefined) {
    const logs = await withoutStated(rpc, trial, call, simulation.logs, {
      deadline,
    })
    const result = { ...simulated, simulation: { ...simulation, logs } }
    const found = findDeviations(trial, call, result, rules)
    const amounts = findAmountsOfPieces(trial, simulation.logs, facts)
    const unlimited = closed(amounts, rules)
    findings.push(...found, ...unlimited)
    opened.push(
      ...without(findDeviations(trial, call, result, {}), found),
      ...without(amounts, unlimited),
    )
  } else
    findings.push({
      ...{ danger: 'not-simulated', path: '' },
      text: `the transaction would fail: ${simulation.failure}`,
    })
  return { ...seen, simulation }
}

/**
 * Converts addresses to lower case for comparisons. This doesn't change the
 * hash.
 */
function inLowerCase(domain: SafeDomain, transaction: SafeTransaction) {
  const lower = (hex: Hex) => hex.toLowerCase() as Hex
  const { to, data, gasToken, refundReceiver } = transaction
  return {
    domain: { ...domain, safe: lower(domain.safe) },
    transaction: {
      ...transaction,
      ...{ to: lower(to), data: lower(data) },
      ...{ gasToken: lower(gasToken), refundReceiver: lower(refundReceiver) },
    },
  }
}

async function readCodes(
  { rpc, deadline }: ReviewOptions,
  addresses: readonly Hex[],
  block: bigint,
): Promise<Map<Hex, Hex>> {
  const at = `0x${block.toString(16)}`
  const codes = await askEach(addresses, async (address) => {
    const code = await rpc.request('eth_getCode', [address, at], { deadline })
    return [address, code as Hex] as const
  })
  return new Map(codes)
}

/** Contracts that may be tokens: they are asked for the Safe's balance. */
function tokensOf(call: Explained, codes: ReadonlyMap<Hex, Hex>): Hex[] {
  const called = [...walk(call)].filter(({ data }) => data !== '0x')
  const addresses = new Set(called.map(({ to }) => to))
  return [...addresses].filter((to) => (codes.get(to) ?? '0x') !== '0x')
}
