import type { Hex } from '@keyward/core'
import type {
  ProposalEntry,
  ProposalRecord,
  RecordedView,
  StoredSignature,
} from '@keyward/safe'
import { ProposalStoreError } from './ProposalStoreError.js'

type Value =
  | { S: string }
  | { SS: string[] }
  | { N: string }
  | { BOOL: boolean }

/** The latest time that a date can have. */
const latest = 8.64e15

/** An item in DynamoDB's form. */
export type Item = Record<string, Value>

/** Prefix of the sort keys of proposals. */
export const prefix = 'proposal#'

export function toItem(record: ProposalRecord): Item {
  return {
    bundle: { S: JSON.stringify(record.bundle) },
    proposer: { S: record.proposer },
    createdAt: { N: String(record.createdAt) },
    expiresAt: { N: String(record.expiresAt) },
    status: { S: record.status },
  }
}

/** @throws ProposalStoreError for an item that this code didn't write */
export function toRecord(item: Item): ProposalRecord {
  const fail = (name: string) =>
    new ProposalStoreError(
      `the field "${name}" of the item ${JSON.stringify(String((item.sk as { S?: unknown } | undefined)?.S ?? '').slice(0, 80))} is damaged`,
      undefined,
      'Another program or person changed the item. Find out who, delete the item, and propose the transaction again.',
    )
  const text = (name: string): string | undefined => {
    const value = item[name] as { S?: unknown } | undefined
    if (value === undefined) return undefined
    if (typeof value.S !== 'string') throw fail(name)
    return value.S
  }
  const time = (name: string): number => {
    const value = Number((item[name] as { N?: string } | undefined)?.N)
    if (!Number.isSafeInteger(value) || Math.abs(value) > latest)
      throw fail(name)
    return value
  }
  const { SS: others = [] } = (item.joinedBy ?? {}) as { SS?: string[] }
  const safeTx = text('sk')?.slice(prefix.length) as Hex
  if (!/^0x[0-9a-f]{64}$/.test(safeTx)) throw fail('sk')
  const status = text('status')
  if (status !== 'open' && status !== 'executing' && status !== 'rejected')
    throw fail('status')
  const executedBy = text('executedBy')
  if (executedBy !== undefined && !/^0x[0-9a-f]{64}$/.test(executedBy))
    throw fail('executedBy')
  const signatures = Object.keys(item).flatMap((name) => {
    const [, owner] = /^owner_([0-9a-f]{40})$/.exec(name) ?? []
    const stored = owner && toSignature(parse(text(name)))
    return stored ? [[`0x${owner}`, stored] as const] : []
  })
  return {
    safeTx,
    bundle: parse(text('bundle')),
    proposer: text('proposer') ?? '',
    others,
    createdAt: time('createdAt'),
    expiresAt: time('expiresAt'),
    status,
    rejectedBy: text('rejectedBy'),
    rejectedAt: item.rejectedAt && time('rejectedAt'),
    rejectedLate: item.rejectedLate !== undefined,
    sharedAt: item.sharedAt && time('sharedAt'),
    executedBy: executedBy as Hex | undefined,
    signatures: Object.fromEntries(signatures),
  }
}

/**
 * Like {@link toRecord}, but a damaged row gets empty values, so that it
 * doesn't hide the others.
 */
export function toRecordOrNothing(item: Item): ProposalRecord {
  try {
    return toRecord(item)
  } catch (error) {
    if (!(error instanceof ProposalStoreError)) throw error
    const { S = '' } = item.sk as { S?: string }
    return {
      ...{ safeTx: S.slice(prefix.length) as Hex, bundle: undefined },
      ...{ proposer: '', createdAt: 0, expiresAt: 0, status: 'rejected' },
      signatures: {},
    }
  }
}

/** Prefix of the sort keys of entries, which sort by nonce. */
const entryPrefix = 'nonce#'
/** The digits of 2^256 - 1. */
const digits = 78
const atNonce = (nonce: bigint) =>
  `${entryPrefix}${String(nonce).padStart(digits, '0')}#`

/** A sort key before all entries of a nonce. */
export const firstAt = (nonce: bigint) => ({ S: atNonce(nonce) })
/** A sort key after all entries of a nonce. */
export const lastAt = (nonce: bigint = 2n ** 256n - 1n) => ({
  S: `${atNonce(nonce)}~`,
})

export const toEntryItem = ({ safeTx, nonce, proposer }: ProposalEntry) => ({
  sk: { S: `${atNonce(nonce)}${safeTx}` },
  proposer: { S: proposer },
})

/** The entry in an item; empty for an item of another kind. */
export function toEntry({ sk, proposer }: Item): ProposalEntry[] {
  const [, nonce, safeTx] =
    /^nonce#(\d{78})#(0x[0-9a-f]{64})$/.exec((sk as { S: string }).S) ?? []
  if (nonce === undefined) return []
  const { S = '' } = (proposer ?? {}) as { S?: string }
  return [{ nonce: BigInt(nonce), safeTx: safeTx as Hex, proposer: S }]
}

/**
 * Converts a stored signature. An invalid one becomes a signature that doesn't
 * verify.
 */
function toSignature(value: unknown): StoredSignature {
  const { bytes, by, at } = (value ?? {}) as Record<string, unknown>
  const text = (part: unknown) => (typeof part === 'string' ? part : '')
  return {
    bytes: text(bytes) as Hex,
    by: text(by),
    at: typeof at === 'number' ? at : 0,
  }
}

export function toView(item: Item): RecordedView | undefined {
  const { owners, threshold, nonce } = item as Record<
    string,
    { S?: string; N?: string }
  >
  if (!/^\d{1,78}$/.test(nonce?.N ?? '')) return undefined
  return {
    owners: (owners?.S ?? '').split(',') as Hex[],
    threshold: Number(threshold?.N),
    nonce: BigInt(nonce?.N ?? ''),
  }
}

function parse(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '')
  } catch {
    return undefined
  }
}
