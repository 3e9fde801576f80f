// This file has over 300 lines because writing and reading a nonce's rows
// belong together: a change to one affects the other.

import type { Hex } from '@keyward/core'
import * as Attempt from './Attempt.js'
import { LedgerItemError, LedgerVersionError } from './errors.js'
import * as Item from './Item.js'
import type { Account } from './TransactionRecord.js'

/** A nonce, which belongs to the transaction that its row names. */
export type NonceRecord = {
  nonce: bigint
  /**
   * Id of the transaction, `filler`, or `external`; undefined while the nonce
   * is free.
   */
  owner: string | undefined
  /**
   * Id of this allocation: 32 hex digits, new each time the nonce is assigned.
   * Only the holder of the claim may sign for the nonce.
   */
  claim: string | undefined
  createdAt: number
  /**
   * The time since which an outside transaction seems to have used the nonce.
   */
  suspectedAt: number | undefined
  /** Ascending by index; only attempts with valid bytes. */
  attempts: Attempt.Attempt[]
  /** Index of the next attempt. */
  nextIndex: number
  /**
   * The transaction signed elsewhere that used the nonce, if its bytes are
   * known.
   */
  foreign: (Attempt.Signed & { raw: Hex; foundAt: number }) | undefined
  /** The fault that makes the owner or the first signature unknown. */
  damage: Damage | undefined
  /** Other faults, which have no effect but should be reported. */
  remarks: Damage[]
}

type Damage = LedgerItemError | LedgerVersionError

/** An allocation: the owner of a nonce, and the claim. */
export type Claim = { owner: string; claim: string | undefined }

/** Owner of a nonce filled by a zero-value transfer to the account itself. */
export const filler = 'filler'
/** Owner of a nonce that an outside transaction used. */
export const external = 'external'

/** Whether the row has no signature, nor anything that looks like one. */
export function isUnsigned({ nextIndex }: NonceRecord): boolean {
  return nextIndex === 0
}

/** The partition that contains an account's nonces. */
export const partitionOf = ({ chainId, address }: Account) =>
  `account#${chainId}#${address}`

const sortOf = (nonce: bigint) => `nonce#${String(nonce).padStart(20, '0')}`

export const keyOf = (account: Account, nonce: bigint) => ({
  pk: partitionOf(account),
  sk: sortOf(nonce),
})

/**
 * The first attempt is in the nonce's own row; later ones have their own rows.
 */
const attemptKeyOf = (account: Account, nonce: bigint, index: number) => ({
  pk: partitionOf(account),
  sk: `${sortOf(nonce)}#${String(index).padStart(4, '0')}`,
})

/**
 * Index of the last row that {@link rangeOf} finds, because everything signed
 * must be found again.
 */
const maxIndex = 9999

/** From one nonce's first row to another nonce's last, as a query range. */
export const rangeOf = (
  from: bigint,
  to: bigint,
): [name: string, from: string, to: string] => [
  'sk',
  sortOf(from),
  `${sortOf(to)}#9999`,
]

/**
 * The attributes of a row whose nonce is assigned to an owner, or to nobody.
 */
export function toAllocation(
  nonce: bigint,
  given: Claim | undefined,
  createdAt: number,
): Item.Item {
  return Item.create('nonce', {
    nonce,
    owner: given?.owner,
    claim: given?.claim,
    createdAt,
  })
}

export function toItem(
  account: Account,
  nonce: bigint,
  given: Claim | undefined,
  createdAt: number,
): Item.Item {
  return {
    ...Item.write(keyOf(account, nonce)),
    ...toAllocation(nonce, given, createdAt),
  }
}

export function toAttemptItem(
  account: Account,
  nonce: bigint,
  stored: Attempt.Stored,
): Item.Item {
  return {
    ...Item.create('attempt', {
      ...attemptKeyOf(account, nonce, stored.index),
      nonce,
      index: stored.index,
    }),
    ...toAttributes(stored),
  }
}

export function toAttributes(stored: Attempt.Stored): Item.Item {
  const { purpose, raw, signedAt, recognised } = stored
  return Item.write({ purpose, raw: toBytes(raw), signedAt, recognised })
}

export const toBytes = (raw: Hex) => Buffer.from(raw.slice(2), 'hex')

/**
 * Groups the rows of a query by nonce. The keys show which nonce a row belongs
 * to. A faulty row has a `damage` and doesn't prevent reading the others.
 */
export async function fromItems(
  items: readonly Item.Item[],
  account: Account,
): Promise<NonceRecord[]> {
  const records = new Map<bigint, NonceRecord>()
  const used = new Map<bigint, Set<number>>()
  for (const item of items) {
    const place = readPlace(item)
    if (place === undefined) continue
    const { nonce, index } = place
    const record = records.get(nonce) ?? toEmpty(nonce)
    records.set(nonce, record)
    const note = (damage: Damage) => {
      if (index === 0) record.damage ??= damage
      else record.remarks.push(damage)
    }
    if (index === 0) Object.assign(record, readRow(item, note))
    if (index > 0 || item.raw !== undefined)
      used.set(nonce, (used.get(nonce) ?? new Set()).add(index))
    try {
      const stored = readStored(item, index, note)
      if (stored !== undefined)
        await addAttempt(record, stored, {
          account,
          place: Item.placeOf(item),
        })
    } catch (error) {
      if (!isDamage(error)) throw error
      note(error)
    }
    if (index === 0) await addForeign(record, item, account)
  }
  for (const [nonce, record] of records) {
    record.attempts.sort((a, b) => a.index - b.index)
    record.nextIndex = findNext(record, used.get(nonce) ?? new Set())
    if (record.nextIndex <= maxIndex) continue
    const place = `nonce ${nonce}`
    record.damage ??= new LedgerItemError(
      place,
      `it already has attempt ${maxIndex}, the last one possible`,
    )
  }
  return [...records.values()].sort((a, b) => (a.nonce < b.nonce ? -1 : 1))
}

/** Identical bytes count as one attempt: the first. */
async function addAttempt(
  { attempts, nonce, remarks }: NonceRecord,
  stored: Attempt.Stored,
  { account, place }: { account: Account; place: string },
): Promise<void> {
  const read = await Attempt.read(stored, account, nonce, place)
  const { attempt, damage } = read
  if (damage !== undefined) remarks.push(damage)
  if (attempts.some(({ hash }) => hash === attempt.hash))
    remarks.push(
      new LedgerItemError(
        place,
        'its signed bytes (raw) are those of another attempt',
      ),
    )
  else attempts.push(attempt)
}

/**
 * The first index after the signed attempts that has no row yet, whether valid
 * or not.
 */
function findNext(
  { attempts }: NonceRecord,
  used: ReadonlySet<number>,
): number {
  let next = (attempts.at(-1)?.index ?? -1) + 1
  while (used.has(next)) next++
  return next
}

/** Whether a row is faulty, which says nothing about others. */
export function isDamage(
  error: unknown,
): error is LedgerItemError | LedgerVersionError {
  return error instanceof LedgerItemError || error instanceof LedgerVersionError
}

function toEmpty(nonce: bigint): NonceRecord {
  return {
    nonce,
    owner: undefined,
    claim: undefined,
    createdAt: 0,
    suspectedAt: undefined,
    attempts: [],
    nextIndex: 0,
    foreign: undefined,
    damage: undefined,
    remarks: [],
  }
}

function readPlace(
  item: Item.Item,
): { nonce: bigint; index: number } | undefined {
  const text = (item.sk as { S?: string } | undefined)?.S ?? ''
  const [, nonce, index = '0'] =
    /^nonce#([0-9]{20})(?:#([0-9]{4}))?$/.exec(text) ?? []
  if (nonce === undefined) return undefined
  return { nonce: BigInt(nonce), index: Number(index) }
}

/** The owner is read first, so it is reported whatever else is wrong. */
function readRow(
  item: Item.Item,
  note: (damage: Damage) => void,
): Partial<NonceRecord> {
  const owner = (item.owner as { S?: string } | undefined)?.S
  const claim = (item.claim as { S?: string } | undefined)?.S
  const of = { owner, claim }
  try {
    const fields = Item.read(item, 'nonce')
    fields.optionalText('owner')
    fields.optionalText('claim')
    if (owner !== undefined && !isOwner(owner))
      throw new LedgerItemError(
        Item.placeOf(item),
        'its field "owner" is not a transaction id, "filler" or "external"',
      )
    const createdAt = fields.time('createdAt')
    return {
      ...of,
      createdAt,
      suspectedAt: fields.optionalTime('suspectedAt'),
    }
  } catch (error) {
    if (!isDamage(error)) throw error
    note(error)
    return of
  }
}

function isOwner(owner: string | undefined): boolean {
  return owner === filler || owner === external || isId(owner)
}

/**
 * Whether an owner is a transaction's id, rather than `filler` or `external`.
 */
export function isId(owner: string | undefined): owner is string {
  return owner !== undefined && /^[0-9a-f]{40}$/.test(owner)
}

/** The bytes count even if something else is wrong with the row. */
function readStored(
  item: Item.Item,
  index: number,
  note: (damage: Damage) => void,
): Attempt.Stored | undefined {
  const place = Item.placeOf(item)
  const bytes = (item.raw as { B?: unknown } | undefined)?.B
  if (item.raw === undefined && index === 0) return undefined
  if (typeof bytes !== 'string')
    throw new LedgerItemError(place, 'its signed bytes (raw) are missing')
  const raw: Hex = `0x${Buffer.from(bytes, 'base64').toString('hex')}`
  try {
    const fields = Item.read(item, index === 0 ? 'nonce' : 'attempt')
    const purpose = fields.oneOf('purpose', Attempt.purposes)
    const stored = { index, purpose, raw, signedAt: fields.time('signedAt') }
    return fields.flag('recognised') ? { ...stored, recognised: true } : stored
  } catch (error) {
    if (!isDamage(error)) throw error
    note(error)
    return { index, purpose: 'request', raw, signedAt: 0 }
  }
}

/**
 * A transaction signed here is kept, even if another one is recorded as having
 * used its nonce.
 */
async function addForeign(
  record: NonceRecord,
  item: Item.Item,
  account: Account,
): Promise<void> {
  try {
    record.foreign = await readForeign(item, account, record.nonce)
  } catch (error) {
    if (!isDamage(error)) throw error
    if (record.owner === external) record.damage ??= error
    else record.remarks.push(error)
  }
}

async function readForeign(item: Item.Item, account: Account, nonce: bigint) {
  if (item.proof === undefined) return undefined
  const fields = Item.read(item, 'nonce')
  const bytes = fields.optionalBytes('proof')
  if (bytes === undefined) return undefined
  const raw: Hex = `0x${bytes.toString('hex')}`
  const signed = await Attempt.readSigned(raw, account)
  if (signed?.nonce !== nonce)
    throw new LedgerItemError(
      Item.placeOf(item),
      `its field "proof" is not a transaction from ${account.address} with nonce ${nonce}`,
    )
  return { ...signed, raw, foundAt: fields.time('foundAt') }
}
