import type { Hex } from '@keyward/core'
import {
  approvalsOf,
  argument,
  type Change,
  Contracts,
  changeOf,
  type Explained,
  handedOf,
  isUnlimited,
  refundsOf,
  SafeFunctions as Safe,
  walk,
} from '@keyward/guard/calls'
import type { SafeTransaction } from '../SafeTransaction.js'
import { closed, type Danger, type Finding, type Rules } from './Danger.js'
import { unweighed } from './unweighed.js'

/** Facts about the chain. */
export type Facts = {
  /** The Safe's address in lower case. */
  readonly safe: Hex
  /** Whether there is a contract at the address. */
  readonly hasCode: (address: Hex) => boolean
  /**
   * Whether the contract is MultiSendCallOnly, according to its address and
   * code.
   */
  readonly isCallOnlyBatch: (address: Hex) => boolean
  /** The token's total supply; undefined if it doesn't report it. */
  readonly supplyOf: (token: Hex) => bigint | undefined
  /** Whether the token identifies itself as a collection (ERC-721). */
  readonly isCollection: (token: Hex) => boolean
}

/**
 * All dangers in a transaction that no rule allows. Each call is judged
 * separately, because even if a batch undoes something later, it was still
 * done.
 */
export function findDangers(
  transaction: SafeTransaction,
  call: Explained,
  facts: Facts,
  rules: Rules,
): Finding[] {
  const { openCalls = [] } = rules
  const findings = [
    ...findRefund(transaction, ''),
    ...[...walk(call)].flatMap((one) => findIn(one, facts, openCalls)),
    ...findSums(call, facts),
  ]
  return closed(findings, rules)
}

function findRefund(
  given: Pick<
    SafeTransaction,
    'gasPrice' | 'baseGas' | 'gasToken' | 'refundReceiver' | 'safeTxGas'
  >,
  path: string,
): Finding[] {
  const { safeTxGas } = given
  const named = refundsOf((name) => given[name]).map(
    (name) => `${name} ${given[name]}`,
  )
  return [
    ...(named.length === 0
      ? []
      : [{ danger: 'refund', path, text: named.join(', ') } as const]),
    ...(safeTxGas === 0n
      ? []
      : ([
          { danger: 'safe-tx-gas', path, text: `safeTxGas ${safeTxGas}` },
        ] as const)),
  ] as Finding[]
}

function findIn(
  call: Explained,
  facts: Facts,
  openCalls: readonly string[],
): Finding[] {
  const { to, value, data, operation, meaning, path } = call
  const found: Finding[] = []
  const add = (danger: Danger, text: string) =>
    found.push({ danger, path, text })
  if (operation === 1 && !isPlainBatch(call, facts))
    add('delegatecall', `the code of ${to} would run as ${call.from}`)
  const sent = `${value === 0n ? '' : `${value} wei and `}${describe(data)}`
  if (isOfChain(to))
    add(
      'precompile',
      `${to} is sent ${sent}${value === 0n ? '' : '; nobody can recover the value'}`,
    )
  else if (data !== '0x' && !facts.hasCode(to))
    add(
      'no-code',
      `${to} has no contract, but is sent ${sent}${value === 0n ? '' : '; the value would be lost, unless someone can deploy a contract there later and take it'}`,
    )
  const settings = findSetting(call, facts)
  if (settings !== undefined) add(...settings)
  if (meaning.kind === 'unknown') {
    // A contract ignores extra bytes after a call that it knows, and executes
    // the call.
    if (meaning.like !== undefined)
      add(
        'unknown-call',
        `${describe(data)} to ${to}: ${meaning.reason}. Opening the address does not allow this call`,
      )
    else if (!openCalls.includes(to))
      add('unknown-call', `${describe(data)} to ${to}: ${meaning.reason}`)
    if (to === facts.safe)
      add('self-call', `${describe(data)} to the Safe itself`)
    return found
  }
  if (
    meaning.kind === 'function' &&
    unweighed.includes(meaning.signature) &&
    !openCalls.includes(to)
  )
    add(
      'unknown-call',
      `${title(call)} to ${to}: the amount that it spends is unknown`,
    )
  const handed = handedOf(call)
  if (handed !== undefined && !openCalls.includes(handed.to))
    add(
      'unknown-call',
      `${to} passes ${describe(handed.data)} to ${handed.to}, which can act ` +
        'on this data for the Safe',
    )
  if (
    (settings === undefined || !isOwnSetting(call)) &&
    to === facts.safe &&
    operation === 0 &&
    !isRejection(call)
  )
    add('self-call', `${title(call)} on the Safe itself`)
  if (meaning.kind === 'function' && meaning.signature === Safe.execTransaction)
    found.push(...findRefund(refundOf(call), path))
  return found
}

/** Finds approvals that together cover the whole supply of a token. */
function findSums(
  call: Explained,
  { supplyOf, isCollection }: Facts,
): Finding[] {
  const bySpender = new Map<string, bigint>()
  const byToken = new Map<Hex, bigint>()
  const single = new Set<Hex>()
  for (const { token, amount, spender, isMore } of [...walk(call)].flatMap(
    approvalsOf,
  )) {
    if (isUnlimited(amount, supplyOf(token))) single.add(token)
    const key = `${token} ${spender}`
    const before = bySpender.get(key) ?? 0n
    // A new approval replaces the earlier one.
    const after = isMore ? before + amount : amount > before ? amount : before
    bySpender.set(key, after)
    byToken.set(token, (byToken.get(token) ?? 0n) + after - before)
  }
  return [...byToken].flatMap(([token, sum]): Finding[] =>
    !single.has(token) &&
    !isCollection(token) &&
    isUnlimited(sum, supplyOf(token))
      ? [
          {
            ...{ danger: 'unlimited-approval', path: '' },
            text: `all calls together let others take ${sum} of the token ${token}`,
          },
        ]
      : [],
  )
}

/**
 * Whether a Safe changes its own settings; for other Safes, only the function's
 * name decides.
 */
const isOwnSetting = ({ meaning }: Explained) =>
  meaning.kind === 'function' &&
  ![...unweighed, Safe.setup, Safe.signMessage].includes(meaning.signature)

/** An empty call to the Safe itself, which is how a proposal is rejected. */
const isRejection = ({ value, data }: Explained) =>
  value === 0n && data === '0x'

/**
 * A batch through MultiSendCallOnly, which can only make calls and reverts on
 * anything else.
 */
function isPlainBatch(call: Explained, { isCallOnlyBatch }: Facts): boolean {
  const { meaning, to } = call
  const isBatch =
    meaning.kind === 'function' && meaning.signature === Safe.multiSend
  return isBatch && isCallOnlyBatch(to)
}

/** Precompiles and system contracts have low addresses. */
const isOfChain = (address: Hex) => BigInt(address) < 0x1_0000n

/**
 * The co-signer's danger for each change; a permit only passes on an earlier
 * signature.
 */
const changes: Readonly<Record<Change, Danger | undefined>> = {
  owners: 'owners',
  module: 'modules',
  guard: 'guard',
  'fallback-handler': 'fallback-handler',
  'approve-hash': 'approve-hash',
  ownership: 'ownership',
  upgrade: 'upgrade',
  permit: undefined,
}

/** A call that changes permissions, whatever its target. */
function findSetting(
  call: Explained,
  facts: Facts,
): [Danger, string] | undefined {
  const { meaning, to } = call
  if (meaning.kind === 'payment') return undefined
  const signature =
    meaning.kind === 'function' ? meaning.signature : meaning.like
  if (signature === undefined) return undefined
  const change = changeOf(signature)
  const danger = change && changes[change]
  if (danger !== undefined) return [danger, `${title(call)} on ${to}`]
  const isPiece = signature === Contracts.approve && facts.isCollection(to)
  return !isPiece &&
    approvalsOf(call).some(({ token, amount }) =>
      isUnlimited(amount, facts.supplyOf(token)),
    )
    ? ['unlimited-approval', `${title(call)} on ${to}`]
    : undefined
}

function refundOf(call: Explained) {
  const of = <value>(name: string) => argument(call, name) as value
  return {
    gasPrice: of<bigint>('gasPrice'),
    baseGas: of<bigint>('baseGas'),
    gasToken: of<Hex>('gasToken'),
    refundReceiver: of<Hex>('refundReceiver'),
    safeTxGas: of<bigint>('safeTxGas'),
  }
}

/**
 * A call's name in the form that people search for:
 * `transferOwnership (0xf2fde38b)`.
 */
function title({ meaning, data }: Explained): string {
  return meaning.kind === 'function'
    ? `${meaning.signature.name} (${meaning.signature.selector})`
    : describe(data)
}

function describe(data: Hex): string {
  const bytes = (data.length - 2) / 2
  return bytes === 0
    ? 'no data'
    : `${bytes} ${bytes === 1 ? 'byte' : 'bytes'} of data beginning with ${data.slice(0, 10)}`
}
