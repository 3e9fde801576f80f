import type { Hex } from '@keyward/core'
import * as Item from './Item.js'
import type { Account } from './TransactionRecord.js'

/** What was signed for a nonce; written once, before it is broadcast. */
export type Attempt = {
  /** 0 for the first one; each later one replaces those before it. */
  index: number
  /** What it does: the request, nothing in place of it, or nothing in a gap. */
  purpose: 'request' | 'cancel' | 'filler'
  /** The bytes for eth_sendRawTransaction. */
  raw: Hex
  /** Our own keccak of them. */
  hash: Hex
  gas: bigint
  /** Wei per gas; the gas price where the chain has no base fee. */
  maxFeePerGas: bigint
  maxPriorityFeePerGas: bigint
  signedAt: number
}

/** A nonce is owned by the transaction whose row this is. */
export type NonceRecord = {
  nonce: bigint
  /**
   * Id of the transaction, `filler`, or `external`; none while the nonce is
   * free to be given.
   */
  owner: string | undefined
  createdAt: number
  /** Since when it looks as if another's transaction had consumed it. */
  suspectedAt: number | undefined
  /** Ascending by index; empty until the first one is signed. */
  attempts: Attempt[]
}

/** Owner of a nonce that is filled with a transfer of nothing to oneself. */
export const filler = 'filler'
/** Owner of a nonce that a transaction of somebody else has consumed. */
export const external = 'external'

/** The partition that holds an account's nonces. */
export const partitionOf = ({ chainId, address }: Account) =>
  `account#${chainId}#${address}`

const sortOf = (nonce: bigint) => `nonce#${String(nonce).padStart(20, '0')}`

export const keyOf = (account: Account, nonce: bigint) => ({
  pk: partitionOf(account),
  sk: sortOf(nonce),
})

/** The first attempt is kept in the nonce's own row; the next have their own. */
const attemptKeyOf = (account: Account, nonce: bigint, index: number) => ({
  pk: partitionOf(account),
  sk: `${sortOf(nonce)}#${String(index).padStart(4, '0')}`,
})

/** From the first row of a nonce to the last of another, as a query takes it. */
export const rangeOf = (
  from: bigint,
  to: bigint,
): [name: string, from: string, to: string] => [
  'sk',
  sortOf(from),
  `${sortOf(to)}#9999`,
]

export function toItem(
  account: Account,
  nonce: bigint,
  owner: string | undefined,
  createdAt: number,
): Item.Item {
  return Item.write({
    ...keyOf(account, nonce),
    kind: 'nonce',
    nonce,
    owner,
    createdAt,
  })
}

export function toAttemptItem(
  account: Account,
  nonce: bigint,
  attempt: Attempt,
): Item.Item {
  return {
    ...Item.write({
      ...attemptKeyOf(account, nonce, attempt.index),
      kind: 'attempt',
      nonce,
    }),
    ...toAttributes(attempt),
  }
}

export function toAttributes(attempt: Attempt): Item.Item {
  const { raw, ...rest } = attempt
  return Item.write({
    ...rest,
    // A uint256 has more digits than a number of DynamoDB holds.
    maxFeePerGas: String(attempt.maxFeePerGas),
    maxPriorityFeePerGas: String(attempt.maxPriorityFeePerGas),
    raw: Buffer.from(raw.slice(2), 'hex'),
  })
}

/**
 * Groups the rows of a query into nonces.
 *
 * @throws LedgerItemError
 */
export function fromItems(items: readonly Item.Item[]): NonceRecord[] {
  const records = new Map<bigint, NonceRecord>()
  const later: [bigint, Attempt][] = []
  for (const item of items) {
    if (isAttempt(item)) {
      const fields = Item.read(item, 'attempt')
      const attempt = readAttempt(fields)
      if (attempt !== undefined) later.push([fields.bigint('nonce'), attempt])
      continue
    }
    const fields = Item.read(item, 'nonce')
    const nonce = fields.bigint('nonce')
    const first = readAttempt(fields)
    records.set(nonce, {
      nonce,
      owner: fields.optionalText('owner'),
      createdAt: fields.number('createdAt'),
      suspectedAt: fields.optionalNumber('suspectedAt'),
      attempts: first === undefined ? [] : [first],
    })
  }
  for (const [nonce, attempt] of later)
    records.get(nonce)?.attempts.push(attempt)
  for (const { attempts } of records.values())
    attempts.sort((a, b) => a.index - b.index)
  return [...records.values()].sort((a, b) => (a.nonce < b.nonce ? -1 : 1))
}

function isAttempt(item: Item.Item): boolean {
  const sk = item.sk as { S?: string } | undefined
  return sk?.S?.split('#').length === 3
}

function readAttempt(fields: Item.Reader): Attempt | undefined {
  const raw = fields.optionalBytes('raw')
  if (raw === undefined) return undefined
  return {
    index: fields.number('index'),
    purpose: fields.oneOf('purpose', ['request', 'cancel', 'filler']),
    raw: `0x${raw.toString('hex')}`,
    hash: fields.text('hash') as Hex,
    gas: fields.bigint('gas'),
    maxFeePerGas: fields.amount('maxFeePerGas'),
    maxPriorityFeePerGas: fields.amount('maxPriorityFeePerGas'),
    signedAt: fields.number('signedAt'),
  }
}
